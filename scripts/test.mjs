// Runs the tests of every package, setting up first if need be, and closes with a line that counts what ran.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fail, host, root, setUp } from "./setup.mjs";

const packages = ["language", "automata", "compiler", "engines", "serve", "equivalence", "cli"];
/** Tested without what they start: `npm run e2e` and `npm run peers` are runs of their own. */
const others = ["e2e", "peers"];

async function test() {
  const unknown = readdirSync(join(root, "packages")).filter((name) => !packages.includes(name));
  if (unknown.length > 0) throw new Error(`no test runs for packages/${unknown[0]}\nhelp: add it to scripts/test.mjs`);
  let passed = 0;
  let failed = 0;
  const folders = [...packages.map((name) => `packages/${name}`), ...others];
  for (const folder of folders.filter((folder) => existsSync(join(root, folder)))) {
    const counts = await runAva(folder);
    passed += counts.passed;
    failed += counts.failed;
  }
  const ofHost = await runGo();
  passed += ofHost.passed;
  failed += ofHost.failed;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
}

/**
 * One package's tests. Ava's TAP is read as it comes: a test that failed is shown, and a run that ends in another way
 * than its plan says (a crash, a time-out, no tests at all) counts as a failure.
 */
function runAva(folder) {
  process.stdout.write(`${folder}\n`);
  return new Promise((resolve) => {
    const args = [join(root, "node_modules/ava/entrypoints/cli.mjs"), "--tap"];
    const child = spawn(process.execPath, args, { cwd: join(root, folder), stdio: ["ignore", "pipe", 2] });
    const counts = { passed: 0, failed: 0 };
    let rest = "";
    let isShowing = false;
    child.stdout.setEncoding("utf8").on("data", (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith("ok ")) counts.passed += 1;
        if (line.startsWith("not ok ")) counts.failed += 1;
        if (/^(?:not )?ok |^1\.\./.test(line)) isShowing = line.startsWith("not ok ");
        if (isShowing) process.stdout.write(`${line}\n`);
      }
    });
    child.on("close", (code) => {
      if ((code !== 0 || counts.passed === 0) && counts.failed === 0) {
        process.stdout.write(`${folder}: the tests ended with exit code ${code}\n`);
        counts.failed += 1;
      }
      process.stdout.write(`  ${counts.passed} passed, ${counts.failed} failed\n`);
      resolve(counts);
    });
  });
}

/** The tests of the engine host's own packages; what was built for the host is not built again. */
function runGo() {
  const folder = relative(root, host);
  process.stdout.write(`${folder}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn("go", ["test", "-trimpath", "-json", "./..."], { cwd: host, stdio: ["ignore", "pipe", 2] });
    const counts = { passed: 0, failed: 0 };
    const outputs = new Map();
    createInterface({ input: child.stdout }).on("line", (line) => {
      const { Action: action, Package: name, Test: test, Output: output = "" } = JSON.parse(line);
      const key = `${name} ${test}`;
      if (action === "output") outputs.set(key, (outputs.get(key) ?? "") + output);
      if (action === "pass" && test !== undefined) counts.passed += 1;
      if (action === "fail" && test !== undefined) counts.failed += 1;
      if (action === "fail" || action === "build-output") process.stdout.write(outputs.get(key) ?? output);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if ((code !== 0 || counts.passed === 0) && counts.failed === 0) {
        process.stdout.write(`${folder}: the tests ended with exit code ${code}\n`);
        counts.failed += 1;
      }
      process.stdout.write(`  ${counts.passed} passed, ${counts.failed} failed\n`);
      resolve(counts);
    });
  });
}

await setUp().then(test).catch(fail);
