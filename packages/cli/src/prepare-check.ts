import type { Artifact } from "@registry-policy/compiler";
import type { PolicyToCheck } from "@registry-policy/equivalence";
import { emit } from "./emit.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import { lintDiagnostics } from "./lint-diagnostics.js";
import { printDiagnostics } from "./print-diagnostics.js";
import type { ProgressLine } from "./progress-line.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** What a check emits policies for. */
export interface CheckTargets {
  /** Those of the engines. */
  readonly targets: readonly string[];
  /** Those of nodes. */
  readonly nodes: readonly string[];
  /** Whether it is told what a node cannot say: only of interest to those who ask for one. */
  readonly tellsOfNodes: boolean;
}

/** What is judged: policies with their fixtures and with what was emitted for them. */
export interface PreparedCheck {
  readonly policies: readonly PolicyToCheck[];
  /** What was emitted for nodes, by policy. */
  readonly nodeArtifacts: readonly (readonly Artifact[])[];
}

/**
 * Reads policies and fixtures, says what is wrong with them, and compiles the policies.
 *
 * @returns the exit code where something is too wrong for anything to be judged.
 * @throws InputError for a path that cannot be read, UsageError where there is nothing to judge.
 */
export async function prepareCheck(
  paths: readonly string[],
  { targets, nodes, tellsOfNodes }: CheckTargets,
  terminal: Terminal,
  progress: ProgressLine,
): Promise<PreparedCheck | ExitCode> {
  const { assignFixtures, discover } = await import("@registry-policy/equivalence");
  progress.say("reading policies and fixtures");
  const found = await discover(paths);
  const lints = await lintDiagnostics(found.policies.map(({ policy }) => policy));
  if (await printDiagnostics(terminal, [...found.policyDiagnostics, ...lints])) return exitCodes.invalidPolicy;
  const { assigned, diagnostics } = assignFixtures(found);
  if (found.policies.length + found.fixtures.length + found.fixtureDiagnostics.length === 0) throw nothingFound(paths);
  if (await printDiagnostics(terminal, [...found.fixtureDiagnostics, ...diagnostics])) return exitCodes.failed;
  if (assigned.every(({ cases }) => cases.length === 0)) throw noFixtures(paths);

  progress.say("compiling policies");
  const emissions = await Promise.all(assigned.map(({ found }) => emit([found.policy], targets)));
  const nodeEmissions = await Promise.all(assigned.map(({ found }) => emit([found.policy], nodes)));
  const told = tellsOfNodes ? [...emissions, ...nodeEmissions] : emissions;
  const problems = told.flatMap((emission) => emission.diagnostics);
  if (await printDiagnostics(terminal, problems)) return exitCodes.invalidPolicy;
  return {
    policies: assigned.map((policy, index) => ({ ...policy, emitted: emissions[index]?.artifacts ?? [] })),
    nodeArtifacts: nodeEmissions.map(({ artifacts }) => artifacts),
  };
}

function nothingFound(paths: readonly string[]): UsageError {
  const named = paths.map((path) => `\`${path}\``).join(", ");
  return new UsageError(
    `there are no policies and no fixtures in ${named}`,
    "run `registry-policy init` to write first ones, or name the directory that you meant",
  );
}

function noFixtures(paths: readonly string[]): UsageError {
  const named = paths.map((path) => `\`${path}\``).join(", ");
  return new UsageError(
    `there are no fixtures in ${named}: nothing would be checked`,
    "write a document of `kind: Fixtures` beside the policy, or manifests in folders named `allow` and `deny`",
  );
}
