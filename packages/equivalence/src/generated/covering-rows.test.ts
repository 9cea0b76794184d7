import test from "ava";
import fc from "fast-check";
import { coveringRows, type Factor } from "./covering-rows.js";

const factors = fc.array(
  fc.record({ inside: fc.integer({ min: 1, max: 5 }), outside: fc.integer({ min: 0, max: 3 }) }),
  {
    minLength: 2,
    maxLength: 6,
  },
);

test("every pair of values occurs where nothing else takes the request out of scope", (t) => {
  const covers = fc.property(factors, (of) => {
    const rows = coveringRows(of, () => true);
    for (const [one, a, other, b] of pairsOf(of)) {
      const isShown = rows.some(
        (row) =>
          row[one] === a &&
          row[other] === b &&
          row.every((value, at) => at === one || at === other || value < (of[at]?.inside ?? 0)),
      );
      t.true(isShown, `${one}=${a} ${other}=${b}`);
    }
  });
  fc.assert(covers, { numRuns: 100, seed: 1 });
});

test("a pair that cannot be is in no row, and all others are", (t) => {
  const of = [
    { inside: 3, outside: 1 },
    { inside: 4, outside: 0 },
    { inside: 2, outside: 1 },
  ];
  const isPossible = (one: number, a: number, other: number, b: number) =>
    !(one + other === 1 && (one === 0 ? a === 2 && b > 0 : b === 2 && a > 0));
  const rows = coveringRows(of, isPossible);
  for (const [first, second] of rows) t.false(first === 2 && (second ?? 0) > 0);
  for (const [one, a, other, b] of pairsOf(of).filter((pair) => isPossible(...pair))) {
    t.true(rows.some((row) => row[one] === a && row[other] === b));
  }
});

test("there are about as many rows as the two largest factors have pairs", (t) => {
  const of = [9, 4, 5, 4, 3, 3, 6].map((inside) => ({ inside, outside: 0 }));
  t.true(coveringRows(of, () => true).length <= 9 * 6 * 1.3);
});

test("where three factors leave no request in scope, there are no rows", (t) => {
  const out = { inside: 0, outside: 2 };
  t.deepEqual(
    coveringRows([out, out, out], () => true),
    [],
  );
});

function pairsOf(of: readonly Factor[]): [number, number, number, number][] {
  return of.flatMap(({ inside, outside }, one) =>
    of.flatMap((second, other) =>
      other <= one
        ? []
        : Array.from({ length: inside + outside }, (_, a) => a).flatMap((a) =>
            Array.from({ length: second.inside + second.outside }, (_, b): [number, number, number, number] => [
              one,
              a,
              other,
              b,
            ]),
          ),
    ),
  );
}
