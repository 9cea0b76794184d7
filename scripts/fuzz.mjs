// Judges generated policies and requests on every engine, and keeps each disagreement, made small, as a fixture.
//
//   npm run fuzz -- [--pairs 100000] [--seed N] [--engine ID]… [--requests-per-policy 50] [--maximum 5] [--keep DIR]
//
// Without a seed, one is chosen and printed. Ends with 1 if engines disagree.

import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const from = (path) => import(pathToFileURL(join(root, "packages", path)).href);

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "100000" },
    seed: { type: "string" },
    engine: { type: "string", multiple: true },
    "requests-per-policy": { type: "string", default: "50" },
    maximum: { type: "string", default: "5" },
    keep: { type: "string", default: join(root, "packages/equivalence/counterexamples") },
  },
});

const { availableEngines } = await from("equivalence/dist/index.js");
const { fuzz, keepCounterexample, shrink } = await from("equivalence/dist/generators/index.js");
const { openEngine, startHost } = await from("engines/dist/index.js");

const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : wholeNumber("seed", values.seed);
const pairs = wholeNumber("pairs", values.pairs);
const ids = values.engine ?? availableEngines;
const unknown = ids.find((id) => !availableEngines.includes(id));
if (unknown !== undefined) stop(`there is no engine \`${unknown}\`; choose among ${availableEngines.join(", ")}`);

const host = await startHost();
const started = Date.now();
try {
  const engines = ids.map((id) => openEngine(id, host));
  console.log(`seed ${seed}, ${pairs} pairs, ${engines.map(({ id, version }) => `${id} ${version}`).join(", ")}`);
  let shown = 0;
  const result = await fuzz({
    pairs,
    seed,
    engines,
    requestsPerPolicy: wholeNumber("requests-per-policy", values["requests-per-policy"]),
    maximumDisagreements: wholeNumber("maximum", values.maximum),
    progress: (done) => {
      if (done - shown < pairs / 20) return;
      shown = done;
      console.log(`${done} of ${pairs} pairs after ${seconds()} s`);
    },
  });
  console.log(`${result.pairs} pairs of ${result.policies} policies in ${seconds()} s`);
  console.log(`verdicts of the reference evaluator: ${JSON.stringify(result.verdicts)}`);
  console.log(`policies that a target refused by name: ${JSON.stringify(result.refused)}`);
  for (const [index, found] of result.disagreements.entries()) {
    console.log(`\ndisagreement ${index + 1}: ${found.engine} ${found.sentences.join("; ")}`);
    const small = await shrink(found, engines);
    console.log(`made small: ${small.engine} ${small.sentences.join("; ")}`);
    console.log(`kept as ${await keepCounterexample(small, values.keep, `${small.engine}-${seed}-${index + 1}`)}`);
  }
  console.log(`${result.disagreements.length} disagreements`);
  if (result.disagreements.length > 0) process.exitCode = 1;
} finally {
  await host.close();
}

function seconds() {
  return ((Date.now() - started) / 1000).toFixed(1);
}

function wholeNumber(name, text) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) stop(`\`--${name}\` is a whole number, not \`${text}\``);
  return number;
}

function stop(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}
