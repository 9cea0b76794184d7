import { type Engine, type EngineHost, openEngine, startHost } from "@registry-policy/engines";
import test from "ava";
import { availableEngines } from "../matrix/judged-by.js";
import { fuzz } from "./fuzz.js";
import { readRaw } from "./policy-arbitrary.js";
import { shrink } from "./shrink.js";

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

test("engines agree about a few thousand generated policies and requests", async (t) => {
  const engines = availableEngines.map((id) => openEngine(id, host));
  const result = await fuzz({ pairs: 3000, seed: 20_241, engines, requestsPerPolicy: 25 });
  t.deepEqual(result.disagreements, []);
  t.is(result.pairs, 3000);
  for (const verdict of ["allow", "deny", "warn", "audit", "out-of-scope"]) {
    t.true((result.verdicts[verdict] ?? 0) > 100, `${verdict}: ${result.verdicts[verdict]}`);
  }
});

/** An engine that lets everything in. */
function careless(): Engine {
  return {
    id: "opa",
    version: "0",
    load: async () => ({
      engine: "opa",
      warnings: [],
      unload: async () => {},
      judge: async (reviews) =>
        reviews.map(() => ({
          engine: "opa",
          engineVersion: "0",
          verdict: "allow",
          images: [],
          messages: [],
          durationNs: 0,
        })),
    }),
  };
}

test("an engine that is wrong is found, and the disagreement made small", async (t) => {
  const engines = [careless()];
  const { disagreements } = await fuzz({ pairs: 500, seed: 1, engines });
  const [found] = disagreements;
  if (found === undefined) return t.fail("nothing was found");
  const small = await shrink(found, engines);
  t.true(JSON.stringify(small.parts).length <= 90, JSON.stringify(small.parts));
  t.deepEqual(small.sentences.slice(0, 1), found.sentences.slice(0, 1));
  t.true(JSON.stringify(small.raw).length <= 130, JSON.stringify(small.raw));
  t.not(readRaw(small.raw), undefined);
});
