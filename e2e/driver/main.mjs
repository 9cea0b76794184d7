// Sends every fixture of the examples to a real API server, on which one engine after the other enforces what
// `generate` emits for it, and compares what comes of it with the verdicts of `check`.
//
//   npm run e2e -- [--engine ID]… [--keep] [--no-build] [PATH]…
//
// Ends with 0 if all agree, 1 if something failed, 4 if an engine differs.
import { constants } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fail, root, setUp } from "../../scripts/setup.mjs";
import { build, controlPlane } from "./build.mjs";

/** The examples, and policies for what no example shows. */
const defaultPaths = [join(root, "examples"), join(root, "e2e/policies")];

const cleanups = new Set();
const say = (text) => process.stderr.write(`e2e: ${text}\n`);

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      engine: { type: "string", multiple: true },
      keep: { type: "boolean", default: false },
      "no-build": { type: "boolean", default: false },
    },
  });
  if (!values["no-build"]) await setUp();
  // These need what has just been set up.
  const { targetById } = await import("@registry-policy/compiler");
  const { controllers } = await import("./controllers/index.mjs");
  const { readSubjects } = await import("./run/read-subjects.mjs");
  const { report, reportApart } = await import("./run/report.mjs");
  const { runEngine } = await import("./run/run-engine.mjs");

  const known = Object.keys(controllers);
  const engines = values.engine ?? known;
  const unknown = engines.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new Error(`no engine \`${unknown}\` judges in a cluster\nhelp: choose among ${known.join(", ")}`);
  const subjects = await readSubjects(positionals.length > 0 ? positionals : defaultPaths);
  if (!values["no-build"])
    await build([...new Set([controlPlane, ...engines.flatMap((id) => controllers[id].binaries)])], cleanups);

  let differences = 0;
  let judged = 0;
  const runs = new Map();
  for (const engine of engines) {
    const policies = await runEngine(engine, subjects, { keeps: values.keep, say, cleanups });
    runs.set(engine, policies);
    const { text, ...counts } = report(targetById(engine).title, policies);
    process.stdout.write(`${text}\n`);
    differences += counts.differences;
    judged += counts.judged;
  }
  process.stdout.write(
    `${reportApart(runs)}\n\n${judged} judged by ${engines.length} engines, ${differences} differ\n`,
  );
  if (judged === 0) throw new Error("nothing was judged");
  if (differences > 0) process.exitCode = 4;
}

let isInterrupted = false;

/** Ends everything that was started, then this process, as the signal would have. */
async function interrupted(signal) {
  isInterrupted = true;
  say(`${signal}: cleaning up`);
  for (const cleanUp of cleanups) await cleanUp();
  process.exit(128 + constants.signals[signal]);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, interrupted);
await main().catch((error) => {
  // What was under way fails, of course, once everything that it needs is ended.
  if (!isInterrupted) fail(error);
});
