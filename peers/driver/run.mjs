// Runs the tests of one policy with an engine's own command.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { peer } from "./build.mjs";
import { readGator, readKyverno, readOpa } from "./read-outcomes.mjs";

/** By target: the command, its words in the target's folder of what was generated, and how its answer is read. */
const runners = {
  "kyverno-cluster-policy": kyverno,
  "kyverno-validating-policy": kyverno,
  // gator has both engines unless it is told otherwise, and a template the code of one of them.
  gatekeeper: gator,
  "gatekeeper-cel": gator,
  opa,
};

/**
 * @param {string} directory that was generated.
 * @returns {Promise<{ outcomes: import("./read-outcomes.mjs").Outcome[], said: string }>} every case that the command
 *   tells of, and all its words.
 */
export async function runPeer(target, policy, directory) {
  const { name, words, read } = runners[target](join(directory, target), policy);
  const said = await run(name, words);
  return { outcomes: read(said), said };
}

function kyverno(folder, policy) {
  const words = ["test", join(folder, "tests", policy), "--require-tests", "--output-format", "json"];
  return { name: "kubectl-kyverno", words, read: readKyverno };
}

function gator(folder, policy) {
  return {
    name: "gator",
    words: ["verify", "--verbose", join(folder, "tests", policy, "suite.yaml")],
    read: readGator,
  };
}

function opa(folder, policy) {
  const files = [`${policy}/policy.rego`, `${policy}/data.json`, `tests/${policy}/${policy}_test.rego`];
  return {
    name: "opa",
    words: ["test", "--format", "json", ...files.map((file) => join(folder, file))],
    read: readOpa,
  };
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
