/**
 * What a command said of one case: `passed` alone is a pass, and `excluded` says that nothing judged it.
 *
 * @typedef {{ id: string, result: "passed" | "excluded" | "skipped" | "failed", words: string }} Outcome
 */

/**
 * What `kyverno test --output-format json` said: a list of results for each document, between lines for a person. It
 * lets a resource pass that no rule judged, whatever is expected of it, and one of a policy that it could not use: the
 * reason alone tells (cmd/cli/kubectl-kyverno/commands/test/output.go).
 *
 * @returns {Outcome[]}
 */
export function readKyverno(said) {
  const rows = [...said.matchAll(/^\[\n[\s\S]*?^\]$/gm)].flatMap(([list]) => JSON.parse(list));
  const results = { Ok: "passed", Excluded: "excluded" };
  return rows.map(({ RESOURCE, RESULT, REASON }) => ({
    id: RESOURCE.split("/").at(-1),
    result: RESULT === "Fail" ? "failed" : RESULT === "Pass" ? (results[REASON] ?? "skipped") : "skipped",
    words: `${RESULT}: ${REASON}`,
  }));
}

/**
 * What `gator verify --verbose` said: a line for each case, and below one that failed why.
 *
 * @returns {Outcome[]}
 */
export function readGator(said) {
  const results = { "--- PASS:": "passed", "--- FAIL:": "failed", "=== SKIP ": "skipped" };
  const lines = said.matchAll(/^ {4}(--- PASS:|--- FAIL:|=== SKIP ) (\S+)(?:\t\(.*\)(?:\n {8}(.*))?)?$/gm);
  return [...lines].map(([, mark, id, words]) => ({ id, result: results[mark], words: words ?? "" }));
}

/**
 * What `opa test --format json` said: a list, or words that are none where the Rego could not be used.
 *
 * @returns {Outcome[]} none for words: no case was run.
 */
export function readOpa(said) {
  if (!said.startsWith("[")) return [];
  return JSON.parse(said).map(({ name, fail, skip, error }) => ({
    id: name,
    result: skip ? "skipped" : fail || error ? "failed" : "passed",
    words: error ? JSON.stringify(error) : "",
  }));
}
