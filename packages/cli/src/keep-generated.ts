import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PolicyCases } from "@registry-policy/equivalence";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import { printDiagnostics } from "./print-diagnostics.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/**
 * What `check --keep` does: finds the policies of the paths, keeps the request, and says in which file.
 *
 * @param name of the request, as a report has it.
 * @throws as `keepGenerated` does, and InputError for a path that cannot be read.
 */
export async function runKeep(paths: readonly string[], name: string, terminal: Terminal): Promise<ExitCode> {
  const { assignFixtures, discover } = await import("@registry-policy/equivalence");
  const found = await discover(paths);
  if (await printDiagnostics(terminal, found.policyDiagnostics)) return exitCodes.invalidPolicy;
  if (await printDiagnostics(terminal, found.fixtureDiagnostics)) return exitCodes.failed;
  await terminal.out.write(`${await keepGenerated(assignFixtures(found).assigned, name)}\n`);
  return exitCodes.ok;
}

/**
 * Writes a generated request into `fixtures.yaml` beside its policy.
 *
 * @param name of the request, as a report has it.
 * @returns the file.
 * @throws UsageError where no policy has such a request, several have, or it is kept already; InputError for a file that
 *   cannot be read or written.
 */
async function keepGenerated(policies: readonly PolicyCases[], name: string): Promise<string> {
  const { discover, generatedRequests, readText, thoroughExtent, usualExtent, withKept } = await import(
    "@registry-policy/equivalence"
  );
  const having = [usualExtent, thoroughExtent]
    .map((extent) =>
      policies.flatMap(({ found, cases }) => {
        const generated = generatedRequests(found.policy, found.name.place.location, extent);
        const request = [...generated.cases, ...generated.combined].find((one) => one.name === name);
        return request === undefined ? [] : [{ found, cases, request }];
      }),
    )
    .find((list) => list.length > 0);
  const [first, ...others] = having ?? [];
  if (first === undefined) {
    throw new UsageError(
      `no request that is generated is named \`${name}\``,
      "take the name from the report of a disagreement: the requests change with the policy",
    );
  }
  if (others.length > 0) {
    throw new UsageError(`several policies have a request \`${name}\``, "name the file of the policy that you mean");
  }
  const { policy, file } = first.found;
  const directory = dirname(file);
  const path = join(directory, "fixtures.yaml");
  const text = existsSync(path) ? await readText(path) : undefined;
  if (text !== undefined) {
    const { fixtureDiagnostics, policyDiagnostics } = await discover([path]);
    if (fixtureDiagnostics.length + policyDiagnostics.length > 0) {
      throw new UsageError(`\`${path}\` is not in order`, `see \`registry-policy check ${path}\``);
    }
  }
  const kept = withKept(text, policy.name, first.request);
  if (kept === undefined || first.cases.some((fixture) => fixture.name === name)) {
    throw new UsageError(`the policy \`${policy.name}\` has a fixture \`${name}\` already`, "there is nothing to keep");
  }
  const { writeArtifacts } = await import("./artifacts/write-artifacts.js");
  await writeArtifacts([{ path: "fixtures.yaml", content: kept }], directory);
  return path;
}
