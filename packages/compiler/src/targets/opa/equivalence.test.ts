import { deepStrictEqual } from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import { imageFor, reviewFor, type Spec, spec } from "./generated.test.data.js";
import {
  inputOf,
  podReview,
  referenceDecision,
  tryPolicyOf,
  wasmJudge,
  withoutMessages,
} from "./wasm-judge.test.data.js";

/** `OPA_RUNS=50000` for a longer run. */
const numRuns = Number(process.env.OPA_RUNS ?? 400);

function withMany<T>(of: (written: Spec) => fc.Arbitrary<T>): fc.Arbitrary<[Spec, T[]]> {
  return spec.chain((written) =>
    fc.tuple(fc.constant(written), fc.array(of(written), { minLength: 10, maxLength: 20 })),
  );
}

test("the wasm says what the reference evaluator says of any request", (t) => {
  fc.assert(
    fc.property(withMany(reviewFor), ([written, reviews]) => {
      const policy = tryPolicyOf(written);
      fc.pre(policy !== undefined);
      const judge = wasmJudge(policy);
      for (const each of reviews) {
        deepStrictEqual(withoutMessages(judge(inputOf(each))), referenceDecision(policy, each));
      }
    }),
    { numRuns },
  );
  t.pass();
});

test("the wasm says what the reference evaluator says of any image", (t) => {
  fc.assert(
    fc.property(withMany(imageFor), ([{ images = {} }, list]) => {
      const policy = tryPolicyOf({ images });
      fc.pre(policy !== undefined);
      const each = podReview(...list);
      deepStrictEqual(withoutMessages(wasmJudge(policy)(inputOf(each))), referenceDecision(policy, each));
    }),
    { numRuns },
  );
  t.pass();
});
