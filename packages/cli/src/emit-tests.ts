import {
  assignFixtures,
  discover,
  type PeerTests,
  type PolicyCases,
  peerTests,
  testedTargets,
} from "@registry-policy/equivalence";
import { type Diagnostic, escapeText } from "@registry-policy/language";
import { type ReadPolicies, standardInput } from "./read-policies.js";
import { UsageError } from "./usage-error.js";

/** Policies, and the fixtures that `check` would judge them by. */
export interface TestedPolicies extends ReadPolicies {
  readonly assigned: readonly PolicyCases[];
  readonly fixtureDiagnostics: readonly Diagnostic[];
}

/**
 * Reads policies and fixtures, as `check` does.
 *
 * @throws InputError for a path that cannot be read, UsageError for standard input.
 */
export async function readTestedPolicies(paths: readonly string[]): Promise<TestedPolicies> {
  if (paths.includes(standardInput)) {
    throw new UsageError("there are no fixtures beside standard input", "name the directory of policy and fixtures");
  }
  const found = await discover(paths);
  const { assigned, diagnostics } = assignFixtures(found);
  return {
    policies: found.policies.map(({ policy }) => policy),
    diagnostics: found.policyDiagnostics,
    assigned,
    fixtureDiagnostics: [...found.fixtureDiagnostics, ...diagnostics],
  };
}

/**
 * Makes tests for the engines' own commands.
 *
 * @param targets ids of those that are written.
 * @param paths as they were named.
 * @throws UsageError where there is nothing to test, or nobody to test it.
 */
export function emitTests(
  { assigned }: TestedPolicies,
  targets: readonly string[],
  paths: readonly string[],
): PeerTests {
  if (assigned.every(({ cases }) => cases.length === 0)) {
    const named = paths.map((path) => `\`${path}\``).join(", ");
    throw new UsageError(
      `there are no fixtures in ${named}: nothing would be tested`,
      "name the directory of policy and fixtures, or leave `--tests` out",
    );
  }
  if (!targets.some((target) => testedTargets.includes(target))) {
    throw new UsageError(
      `no command of its own tests \`${targets.join("`, `")}\``,
      `leave \`--tests\` out, or choose among ${testedTargets.join(", ")}`,
    );
  }
  return peerTests(assigned, targets);
}

/** A line for each target and fixture that its tests cannot say. */
export function leftOutText({ leftOut }: PeerTests): string {
  return leftOut
    .map(({ target, name, why }) => `not among the tests of ${target}: \`${escapeText(name)}\` (${escapeText(why)})\n`)
    .join("");
}
