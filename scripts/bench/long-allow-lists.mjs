import { openEngine, PolicyRefused, startHost } from "../../packages/engines/dist/index.js";
import { admissionPolicy, celConstraint, validatingPolicy } from "./hand-written/cel.mjs";
import { clusterPolicy } from "./hand-written/cluster-policy.mjs";
import { constraint } from "./hand-written/gatekeeper.mjs";
import { wasmByHand } from "./hand-written/opa.mjs";
import { emittedFor, imagesOf, podReview, policyText, registries } from "./support/policies.mjs";
import { median, rounded, tenth } from "./support/statistics.mjs";

export const name = "µs per review of a Pod with three images, by the number of allow patterns: emitted, and by hand";

/** What people write for each engine; for OPA it is compiled to wasm once. */
const byHandFor = {
  "kyverno-cluster-policy": clusterPolicy,
  "kyverno-validating-policy": validatingPolicy,
  gatekeeper: constraint,
  "gatekeeper-cel": celConstraint,
  "validating-admission-policy": admissionPolicy,
};
const engines = [...Object.keys(byHandFor), "opa"];

const sizes = [10, 100, 1_000, 10_000];

/** The slowest takes 0.2 s: each policy has its turns for so long, and at least so many reviews. */
const secondsOfOneSize = 6;
const leastReviews = 20;

/** In one turn: after a policy that takes milliseconds, the next review has lost the processor's caches. */
const reviewsOfOneTurn = 10;

export async function run() {
  const rows = [];
  const host = await startHost();
  const handWritten = wasmByHand();
  try {
    for (const engine of engines) {
      for (const patterns of sizes) rows.push(await measured(engine, patterns, host, handWritten));
    }
  } finally {
    await host.close();
  }
  return rows;
}

async function measured(engine, patterns, host, handWritten) {
  const names = registries(patterns);
  const review = podReview(imagesOf(patterns));
  const { files, refusal } = emittedFor(
    engine,
    policyText(
      "bench",
      names.map((name) => `${name}/**`),
    ),
  );
  if (refusal !== undefined) return { engine, patterns, note: refusal };
  const loaded = await openEngine(engine, host).load(files);
  const byHand = await loadByHand(engine, names, host, handWritten, review);
  const emitted = { judge: async () => admitted(await loaded.judge([review])), times: [] };
  const other = { judge: async () => byHand.judge(review), times: [] };
  const both = byHand.refusal === undefined ? [emitted, other] : [emitted];
  // The first reviews warm up what compiles and caches.
  for (const one of both) for (let turn = 0; turn < 5; turn++) await one.judge();
  // The two take turns, so that other work on the machine meets both.
  const end = performance.now() + secondsOfOneSize * 1_000;
  while (emitted.times.length < leastReviews || (performance.now() < end && emitted.times.length < 10_000)) {
    for (const one of both) {
      for (let review = 0; review < reviewsOfOneTurn; review++) one.times.push((await one.judge()) / 1_000);
    }
  }
  await Promise.all([loaded.unload(), byHand.unload()]);
  const times = { emitted: rounded(tenth(emitted.times)), "emitted, median": rounded(median(emitted.times)) };
  if (byHand.refusal !== undefined) return { engine, patterns, ...times, note: `by hand: ${byHand.refusal}` };
  return {
    engine,
    patterns,
    ...times,
    "by hand": rounded(tenth(other.times)),
    "by hand, median": rounded(median(other.times)),
    ratio: rounded(tenth(emitted.times) / tenth(other.times), 2),
  };
}

/**
 * What people write, or why an engine does not judge with it: CEL's parser reads 100,000 characters. Gatekeeper says so
 * only when it is asked.
 */
async function loadByHand(engine, names, host, handWritten, review) {
  if (engine === "opa") {
    const policy = handWritten(names);
    return {
      async judge({ request }) {
        const start = process.hrtime.bigint();
        const [{ result }] = policy.evaluate({ request });
        const duration = Number(process.hrtime.bigint() - start);
        if (result.violations.length > 0) throw new Error(`not what is to be measured: ${result.violations}`);
        return duration;
      },
      async unload() {},
    };
  }
  let loaded;
  try {
    loaded = await openEngine(engine, host).load(byHandFor[engine](names));
  } catch (error) {
    if (!(error instanceof PolicyRefused)) throw error;
    return { refusal: limitIn(error.message), async unload() {} };
  }
  const [{ error }] = await loaded.judge([review]);
  if (error !== undefined) return { refusal: limitIn(error), unload: () => loaded.unload() };
  return { judge: async (review) => admitted(await loaded.judge([review])), unload: () => loaded.unload() };
}

/** What cel-go says of a limit, without the names of files and expressions around it. */
function limitIn(words) {
  return /ERROR: <input>:\S+ ([^\]\n]*)/.exec(words)?.[1] ?? words;
}

/** The engine's own time, in nanoseconds. */
function admitted([verdict]) {
  if (verdict.verdict !== "allow") throw new Error(`not what is to be measured: ${JSON.stringify(verdict)}`);
  return verdict.durationNs;
}

export function boundsOf(rows) {
  const row = (engine, patterns) => rows.find((one) => one.engine === engine && one.patterns === patterns);
  const growth = (engine) => rounded(row(engine, 1_000).emitted / row(engine, 10).emitted, 2);
  const most = (says, value, bound) => ({ says: `${says} at most ${bound}`, value, holds: value <= bound });
  return [
    ...rows
      .filter(({ engine, ratio }) => engine === "kyverno-cluster-policy" && ratio !== undefined)
      .map(({ patterns, ratio }) => most(`ClusterPolicy, ${patterns} patterns, emitted to by hand`, ratio, 1)),
    ...["gatekeeper", "kyverno-validating-policy", "gatekeeper-cel", "validating-admission-policy"].map((engine) =>
      most(`${engine}, 1000 patterns to 10`, growth(engine), 1.5),
    ),
    most("Gatekeeper, 1000 patterns, emitted to by hand", row("gatekeeper", 1_000).ratio, 0.2),
    most("OPA wasm, 1000 patterns to 10", growth("opa"), 1.5),
    ...sizes.map((patterns) => most(`OPA wasm, ${patterns} patterns, µs`, row("opa", patterns).emitted, 100)),
  ];
}
