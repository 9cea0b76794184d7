import { assignFixtures, discover } from "@registry-policy/equivalence";
import { assertNoErrors } from "../emitted.mjs";

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
