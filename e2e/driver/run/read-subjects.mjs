import { compilePolicies, loadTemplates, targetById } from "@registry-policy/compiler";
import { assignFixtures, discover, engineParts } from "@registry-policy/equivalence";
import { renderDiagnostic } from "@registry-policy/language";
import { documentsOf } from "../cluster/index.mjs";

/**
 * Every policy below some paths, with its fixtures.
 *
 * @param {readonly string[]} paths
 * @returns {Promise<readonly import("@registry-policy/equivalence").PolicyCases[]>}
 * @throws if something is wrong with a policy or a fixture, or there are none.
 */
export async function readSubjects(paths) {
  const found = await discover(paths);
  const { assigned, diagnostics } = assignFixtures(found);
  assertNoErrors([...found.policyDiagnostics, ...found.fixtureDiagnostics, ...diagnostics]);
  if (assigned.length === 0) throw new Error(`there are no policies in ${paths.join(", ")}`);
  return assigned;
}

/**
 * What `generate` emits of a policy for an engine, without what other tools than the API server read.
 *
 * @param {import("@registry-policy/language").Policy} policy
 * @param {string} engine its id.
 * @throws if the target cannot say the policy.
 */
export function emittedDocuments(policy, engine) {
  const { target: id, reads } = engineParts[engine];
  const { artifacts, diagnostics } = compilePolicies([policy], {
    targets: [targetById(id)],
    templates: loadTemplates(),
  });
  assertNoErrors(diagnostics);
  return artifacts
    .filter(({ path }) => reads(path.slice(id.length + 1)))
    .flatMap(({ content }) => documentsOf(String(content)));
}

function assertNoErrors(diagnostics) {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map((error) => renderDiagnostic(error)).join("\n"));
}
