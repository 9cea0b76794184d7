import test from "ava";
import { readGator, readKyverno, readOpa } from "./read-outcomes.mjs";

const row = (resource, result, reason) => ({ ID: 1, RESOURCE: resource, RESULT: result, REASON: reason });

test("Kyverno's lists are found between its lines, and its reason tells what was judged", (t) => {
  const first = [row("v1/Pod/team-a/good", "Pass", "Ok"), row("apps/v1/Deployment/x/none", "Pass", "Excluded")];
  const second = [row("v1/Pod/x/bad", "Fail", "Want fail, got pass"), row("v1/Pod/x/unused", "Skip", "Invalid policy")];
  const said = `Loading test [1] ...\n\n${JSON.stringify(first, null, 2)}\n\nLoading test ...\n\n${JSON.stringify(second, null, 2)}\n\nTest Summary: 3 tests passed\n`;
  t.deepEqual(
    readKyverno(said).map(({ id, result }) => `${id} ${result}`),
    ["good passed", "none excluded", "bad failed", "unused skipped"],
  );
});

test("gator's lines are read with why a case failed, and those of the whole test are not", (t) => {
  const said = `=== RUN   p
    === RUN   good
    --- PASS: good\t(0.031s)
    === RUN   bad
    --- FAIL: bad\t(0.004s)
        unexpected number of violations
    === SKIP  left
--- FAIL: p\t(0.106s)
FAIL\tsuite.yaml\t0.1s
`;
  t.deepEqual(readGator(said), [
    { id: "good", result: "passed", words: "" },
    { id: "bad", result: "failed", words: "unexpected number of violations" },
    { id: "left", result: "skipped", words: "" },
  ]);
});

test("OPA's list is read, and words instead of one are no case", (t) => {
  const tests = [
    { name: "test_a" },
    { name: "test_b", fail: true },
    { name: "todo_c", skip: true },
    { name: "test_d", error: "x" },
  ];
  t.deepEqual(
    readOpa(JSON.stringify(tests)).map(({ id, result }) => `${id} ${result}`),
    ["test_a passed", "test_b failed", "todo_c skipped", "test_d failed"],
  );
  t.deepEqual(readOpa("1 error occurred: rego_parse_error"), []);
});
