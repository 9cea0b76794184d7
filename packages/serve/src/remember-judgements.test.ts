import test from "ava";
import type { Judgement } from "./judgement.js";
import { rememberJudgements } from "./remember-judgements.js";

const said = (verdict: Judgement["verdict"], count = 0): Judgement => ({
  policy: "p",
  verdict,
  violations: Array.from({ length: count }, () => ({ image: "i", field: "f", reason: "unlisted", msg: "m" })),
});

/** What was judged, and not remembered. */
function recording(judge: (input: string) => Judgement) {
  const judged: string[] = [];
  const ask = rememberJudgements((input) => {
    judged.push(input);
    return judge(input);
  });
  return { judged, ask };
}

test("the same input is judged once, another one anew", (t) => {
  const { judged, ask } = recording((input) => said(input === "bad" ? "deny" : "allow"));
  for (const input of ["good", "bad", "good", "bad", "good "]) {
    t.is(ask(input).verdict, input === "bad" ? "deny" : "allow");
  }
  t.deepEqual(judged, ["good", "bad", "good "]);
});

test("what could not be decided is tried anew", (t) => {
  let isWell = false;
  const { judged, ask } = recording(() => said(isWell ? "allow" : "error"));
  t.is(ask("a").verdict, "error");
  isWell = true;
  t.is(ask("a").verdict, "allow");
  t.is(judged.length, 2);
});

test("what is large is not kept", (t) => {
  const { judged, ask } = recording((input) => said("deny", input === "many" ? 9 : 1));
  const long = "x".repeat(2_049);
  for (const input of ["many", "many", long, long]) ask(input);
  t.is(judged.length, 4);
});

test("what is asked for often is kept, and the rest is forgotten", (t) => {
  const { judged, ask } = recording(() => said("allow"));
  for (let index = 0; index < 2_000; index++) {
    ask("often");
    ask(`once ${index}`);
  }
  t.is(judged.filter((input) => input === "often").length, 1);
  t.is(judged.length, 2_001);
  ask("once 0");
  t.is(judged.length, 2_002);
});
