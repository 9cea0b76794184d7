import test from "ava";
import { keptCounts } from "./kept-counts.js";
import { answerMetrics, metricsText } from "./metrics.js";

test("what a process has counted stays in the sum when it ends, and is in it once", async (t) => {
  const kept = keptCounts<string>();
  const counted = async (process: string, decisions: number) => {
    const metrics = answerMetrics();
    for (let decision = 0; decision < decisions; decision++) metrics.decided("validate", "trusted", "deny");
    metrics.answered("validate", 0.003);
    kept.add(process, await metrics.read());
  };
  const lines = async () => {
    const text = await metricsText(await kept.read());
    return text.split("\n").filter((line) => /decisions_total\{|_count\{|le="0.005"/.test(line));
  };
  const expected = (decisions: number, answers: number) => [
    `registry_policy_decisions_total{endpoint="validate",policy="trusted",verdict="deny"} ${decisions}`,
    `registry_policy_request_duration_seconds_bucket{le="0.005",endpoint="validate"} ${answers}`,
    `registry_policy_request_duration_seconds_count{endpoint="validate"} ${answers}`,
  ];
  await counted("first", 3);
  await counted("second", 4);
  t.deepEqual(await lines(), expected(7, 2));
  await counted("second", 5);
  t.deepEqual(await lines(), expected(8, 2));
  kept.end("first");
  t.deepEqual(await lines(), expected(8, 2));
  await counted("third", 1);
  kept.end("second");
  kept.end("never heard of");
  t.deepEqual(await lines(), expected(9, 3));
});
