import test from "ava";
import { compileRego, policyOf, rego } from "./judged.test.data.js";
import { pod, review } from "./review.test.data.js";
import { wasmEngine } from "./wasm-engine.js";

test("policies that are loaded in turn are each judged by their own wasm and data", async (t) => {
  const engine = wasmEngine();
  const elsewhere = { name: "policy.wasm", content: compileRego(rego.replaceAll("registry.corp/", "mirror.corp/")) };
  const files = { corp: policyOf.opa("deny"), warned: policyOf.opa("warn") };
  const data = files.corp.filter(({ name }) => name === "data.json");
  const corp = await engine.load(files.corp);
  const mirror = await engine.load([elsewhere, ...data]);
  const warned = await engine.load(files.warned);
  const again = await engine.load(files.corp);
  const asked = [review({ object: pod(["registry.corp/a"]) }), review({ object: pod(["mirror.corp/a"]) })];
  for (const [policy, verdicts] of [
    [corp, ["allow", "deny"]],
    [mirror, ["deny", "allow"]],
    [warned, ["allow", "warn"]],
    [again, ["allow", "deny"]],
  ] as const) {
    const judged = await policy.judge(asked);
    t.deepEqual(
      judged.map(({ verdict }) => verdict),
      [...verdicts],
    );
  }
});
