import test from "ava";
import { pod, review } from "./review.test.data.js";
import { reviewBatches } from "./review-batches.js";
import { maxRequestLength } from "./stdio-protocol.js";

const sized = (length: number) => review({ object: pod(["x".repeat(length)]) });

test("every review is in one batch, in order", (t) => {
  const reviews = Array.from({ length: 1_000 }, (_, i) => sized(i));
  const batches = [...reviewBatches(reviews)].map((batch) => ("texts" in batch ? batch : t.fail()));
  let next = 0;
  for (const batch of batches) {
    if (batch === undefined) continue;
    t.is(batch.first, next);
    t.deepEqual(batch.reviews, reviews.slice(next, next + batch.texts.length));
    for (const text of batch.texts) t.deepEqual(JSON.parse(text), reviews[next++]);
  }
  t.is(next, reviews.length);
  t.deepEqual(
    batches.map((batch) => batch?.texts.length),
    [256, 256, 256, 232],
  );
});

test("big reviews are sent by themselves", (t) => {
  const batches = [...reviewBatches([sized(3_000_000), sized(3_000_000), sized(1)])];
  t.deepEqual(
    batches.map((batch) => ("texts" in batch ? batch.texts.length : 0)),
    [1, 2],
  );
});

test("a review that is too long is an error of its own", (t) => {
  const batches = [...reviewBatches([sized(1), sized(maxRequestLength / 3), sized(2)])];
  t.deepEqual(
    batches.map(({ first }) => first),
    [0, 1, 2],
  );
  t.deepEqual(
    batches.map((batch) => "error" in batch),
    [false, true, false],
  );
});

test("no review is no batch", (t) => {
  t.deepEqual([...reviewBatches([])], []);
});

test("what is no JSON, or is nested too deep, is an error of its own", (t) => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  let deep: unknown = {};
  for (let i = 0; i < 6_000; i++) deep = [deep];
  const batches = [
    ...reviewBatches([
      sized(1),
      review({ object: cyclic }),
      review({ object: deep }),
      review({ object: 1n }),
      sized(2),
    ]),
  ];
  t.deepEqual(
    batches.map((batch) => ("error" in batch ? batch.error.replace(/[:\n][\s\S]*/, "") : batch.texts.length)),
    [
      1,
      "the request cannot be written as JSON",
      "the request is nested more than 5000 deep",
      "the request cannot be written as JSON",
      1,
    ],
  );
});
