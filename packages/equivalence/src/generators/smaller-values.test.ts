import test from "ava";
import { smallerValues } from "./smaller-values.js";

test("each value is one step smaller, the smallest first", (t) => {
  const smaller = smallerValues({ a: [1, "x/y"], b: null });
  const sizes = smaller.map((value) => JSON.stringify(value).length);
  t.deepEqual(
    sizes,
    sizes.toSorted((a, b) => a - b),
  );
  for (const expected of [{ b: null }, { a: [1, "x/y"] }, { a: ["x/y"], b: null }, { a: [1, "x"], b: null }]) {
    t.true(
      smaller.some((value) => JSON.stringify(value) === JSON.stringify(expected)),
      JSON.stringify(expected),
    );
  }
});

test("what is empty has nothing smaller", (t) => {
  t.deepEqual(smallerValues({}), []);
  t.deepEqual(smallerValues(""), []);
});
