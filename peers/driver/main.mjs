// Runs the tests that `generate --tests` writes with the engines' own commands: `kyverno test`, `gator verify`, `opa test`.
//
//   npm run peers -- [PATH]…
//
// Each path holds policies and their fixtures; without any, every example is one. Every case that was written has to be
// run, once, and to pass because it was judged. Ends with 0 if so, 4 if a command says otherwise, 1 if something failed.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { fail, root, setUp } from "../../scripts/setup.mjs";
import { build } from "./build.mjs";
import { differences } from "./differences.mjs";
import { runPeer } from "./run.mjs";

async function peers(paths) {
  await setUp();
  await build();
  const { assignFixtures, discover, peerTests, testedTargets } = await import(
    pathToFileURL(join(root, "packages/equivalence/dist/index.js")).href
  );
  const counts = { written: 0, leftOut: 0, differences: 0 };
  for (const path of paths) {
    const { assigned } = assignFixtures(await discover([path]));
    const tests = peerTests(assigned, testedTargets);
    const fixtures = assigned.reduce((sum, { cases }) => sum + cases.length, 0);
    if (tests.written.length + tests.leftOut.length !== fixtures * testedTargets.length) {
      throw new Error(`${path}: a fixture is neither a case nor left out`);
    }
    await inTemporaryFolder(async (folder) => {
      await generate(path, folder, testedTargets);
      for (const policy of new Set(tests.written.map((one) => one.policy))) {
        for (const target of testedTargets) counts.differences += await test(tests, target, policy, folder);
      }
    });
    counts.written += tests.written.length;
    counts.leftOut += tests.leftOut.length;
  }
  const { written, leftOut } = counts;
  say(`${written} cases run by the engines' own commands, ${leftOut} left out, ${counts.differences} differ`);
  if (written === 0) throw new Error("nothing was run");
  if (counts.differences > 0) process.exitCode = 4;
}

/** Runs the tests of one target and policy, tells of them, and returns how many cases are not as they should be. */
async function test({ written, leftOut }, target, policy, folder) {
  const isOf = (one) => one.target === target && one.policy === policy;
  const cases = written.filter(isOf);
  const { outcomes, said } = cases.length === 0 ? { outcomes: [], said: "" } : await runPeer(target, policy, folder);
  const found = differences(cases, outcomes);
  const others = leftOut.filter(isOf);
  const missing = others.length === 0 ? "" : `, ${others.length} left out`;
  say(`${policy} · ${target}: ${outcomes.length} of ${cases.length} cases run, ${found.length} differ${missing}`);
  for (const { name, why } of others) say(`    left out: ${oneLine(name)} (${why})`);
  for (const sentence of found) say(`    differs: ${oneLine(sentence)}`);
  if (outcomes.length === 0 && said !== "") say(said.replace(/^/gm, "    | "));
  return found.length;
}

/** As a user does it; its words are only of interest if it fails, and an error shows them. */
async function generate(path, folder, targets) {
  const program = join(root, "packages/cli/dist/main.js");
  const words = ["generate", path, "--tests", "--out", folder, "--target", targets.join(",")];
  await promisify(execFile)(process.execPath, [program, ...words], { maxBuffer: 64 * 1024 * 1024 });
}

async function inTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "registry-policy-peers-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names are text of the user's, and engines' words may hold it: nothing of it acts on a terminal. */
function say(text) {
  process.stdout.write(`${text.replace(/[^\n\x20-\x7e\u00a1-\u1fff]/g, "\ufffd")}\n`);
}

function oneLine(text) {
  return text.replaceAll("\n", " ");
}

const named = process.argv.slice(2);
const examples = join(root, "examples");
await peers(named.length > 0 ? named : readdirSync(examples).map((name) => join(examples, name))).catch(fail);
