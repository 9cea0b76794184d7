import { setImmediate } from "node:timers/promises";
import test from "ava";
import { inBatches } from "./in-batches.js";

test("what comes in during one turn is dealt with together, in its order, and no batch is too long", async (t) => {
  const batches: (readonly number[])[] = [];
  const take = inBatches<number>(3, (batch) => batches.push(batch));
  for (const one of [1, 2, 3, 4]) take(one);
  t.deepEqual(batches, []);
  await setImmediate();
  t.deepEqual(batches, [[1, 2, 3], [4]]);
  take(5);
  await setImmediate();
  t.deepEqual(batches.slice(2), [[5]]);
});

test("what comes in while a batch is dealt with belongs to the next", async (t) => {
  const batches: (readonly number[])[] = [];
  const take = inBatches<number>(3, (batch) => {
    batches.push(batch);
    if (batch[0] === 1) take(2);
  });
  take(1);
  await setImmediate();
  await setImmediate();
  t.deepEqual(batches, [[1], [2]]);
});
