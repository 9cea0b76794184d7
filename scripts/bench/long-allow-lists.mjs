import { openEngine, startHost } from "../../packages/engines/dist/index.js";
import { clusterPolicy } from "./hand-written/cluster-policy.mjs";
import { constraint } from "./hand-written/gatekeeper.mjs";
import { wasmByHand } from "./hand-written/opa.mjs";
import { emittedFor, imagesOf, podReview, policyText, registries } from "./support/policies.mjs";
import { median, rounded, tenth } from "./support/statistics.mjs";

export const name = "µs per review of a Pod with three images, by the number of allow patterns: emitted, and by hand";

const sizes = [10, 100, 1_000, 10_000];

/** The slowest takes 0.2 s: each policy has its turns for so long, and at least so many. */
const secondsOfOneSize = 6;
const leastTurns = 20;

export async function run() {
  const rows = [];
  const host = await startHost();
  const handWritten = wasmByHand();
  try {
    for (const engine of ["kyverno-cluster-policy", "gatekeeper", "opa"]) {
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
  const byHand = await loadByHand(engine, names, host, handWritten);
  const emitted = { judge: async () => admitted(await loaded.judge([review])), times: [] };
  const other = { judge: async () => byHand.judge(review), times: [] };
  // The first reviews warm up what compiles and caches.
  for (const one of [emitted, other]) for (let turn = 0; turn < 5; turn++) await one.judge();
  // The two take turns, so that other work on the machine meets both.
  const end = performance.now() + secondsOfOneSize * 1_000;
  while (emitted.times.length < leastTurns || (performance.now() < end && emitted.times.length < 2_000)) {
    for (const one of [emitted, other]) one.times.push((await one.judge()) / 1_000);
  }
  await Promise.all([loaded.unload(), byHand.unload()]);
  return {
    engine,
    patterns,
    emitted: rounded(tenth(emitted.times)),
    "by hand": rounded(tenth(other.times)),
    ratio: rounded(tenth(emitted.times) / tenth(other.times), 2),
    "emitted, median": rounded(median(emitted.times)),
    "by hand, median": rounded(median(other.times)),
  };
}

async function loadByHand(engine, names, host, handWritten) {
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
  const files = engine === "gatekeeper" ? constraint(names) : clusterPolicy(names);
  const loaded = await openEngine(engine, host).load(files);
  return { judge: async (review) => admitted(await loaded.judge([review])), unload: () => loaded.unload() };
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
    most("Gatekeeper, 1000 patterns to 10", growth("gatekeeper"), 1.5),
    most("Gatekeeper, 1000 patterns, emitted to by hand", row("gatekeeper", 1_000).ratio, 0.2),
    most("OPA wasm, 1000 patterns to 10", growth("opa"), 1.5),
    ...sizes.map((patterns) => most(`OPA wasm, ${patterns} patterns, µs`, row("opa", patterns).emitted, 100)),
  ];
}
