// Runs the tests of one policy with an engine's own command, and reads what it says of each case.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { peer } from "./build.mjs";

/**
 * What a command said of one case: `passed` alone is a pass, and `excluded` says that nothing judged it.
 *
 * @typedef {{ id: string, result: "passed" | "excluded" | "skipped" | "failed", words: string }} Outcome
 */

/** By target: what runs the tests of a policy, in the directory that was generated. */
const runners = {
  "kyverno-cluster-policy": runKyverno,
  "kyverno-validating-policy": runKyverno,
  gatekeeper: runGator,
  "gatekeeper-cel": runGator,
  opa: runOpa,
};

/**
 * @param {string} directory that was generated.
 * @returns {Promise<{ outcomes: Outcome[], said: string }>} every case that the command tells of, and all its words.
 */
export function runPeer(target, policy, directory) {
  return runners[target](join(directory, target), policy);
}

/** Kyverno lets a resource pass that no rule judged, whatever is expected of it: the reason alone tells. */
async function runKyverno(folder, policy) {
  const words = ["test", join(folder, "tests", policy), "--require-tests", "--output-format", "json"];
  const said = await run("kubectl-kyverno", words);
  // One list of results for each document, between lines for a person.
  const rows = [...said.matchAll(/^\[\n[\s\S]*?^\]$/gm)].flatMap(([list]) => JSON.parse(list));
  const outcomes = rows.map((row) => ({
    id: row.RESOURCE.split("/").at(-1),
    result: row.RESULT !== "Pass" ? "failed" : ({ Ok: "passed", Excluded: "excluded" }[row.REASON] ?? "skipped"),
    words: `${row.RESULT}: ${row.REASON}`,
  }));
  return { outcomes, said };
}

/** gator has both engines unless it is told otherwise, and a template the code of one of them. */
async function runGator(folder, policy) {
  const said = await run("gator", ["verify", "--verbose", join(folder, "tests", policy, "suite.yaml")]);
  const results = { "--- PASS:": "passed", "--- FAIL:": "failed", "=== SKIP ": "skipped" };
  const lines = said.matchAll(/^ {4}(--- PASS:|--- FAIL:|=== SKIP ) (\S+)(?:\t\(.*\)(?:\n {8}(.*))?)?$/gm);
  const outcomes = [...lines].map(([, mark, id, words]) => ({ id, result: results[mark], words: words ?? "" }));
  return { outcomes, said };
}

async function runOpa(folder, policy) {
  const files = [`${policy}/policy.rego`, `${policy}/data.json`, `tests/${policy}/${policy}_test.rego`];
  const said = await run("opa", ["test", "--format", "json", ...files.map((file) => join(folder, file))]);
  let tests = [];
  try {
    tests = JSON.parse(said);
  } catch {
    // What is no JSON is told of as it is: no case was run.
  }
  const outcomes = tests.map(({ name, fail, skip, error }) => ({
    id: name,
    result: skip ? "skipped" : fail || error ? "failed" : "passed",
    words: error ? JSON.stringify(error) : "",
  }));
  return { outcomes, said };
}

/** A failed test is no failure to run: what a command says of its cases decides, and not how it ends. */
function run(name, words) {
  return new Promise((resolve, reject) => {
    const child = spawn(peer(name), words, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", (error) => reject(new Error(`\`${peer(name)}\` cannot be started: ${error.message}`)));
    child.on("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}
