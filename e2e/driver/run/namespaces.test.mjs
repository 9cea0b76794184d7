import test from "ava";
import { namespaceRounds } from "./namespaces.mjs";

const review = (namespace, namespaceLabels) => ({ request: { namespace }, namespaceLabels });

test("namespaces that are always described alike need one round", (t) => {
  const rounds = namespaceRounds([
    review("a", { x: "1" }),
    review("b", {}),
    review("a", { x: "1" }),
    review("b", null),
  ]);
  t.deepEqual(rounds, [
    {
      labels: new Map([
        ["a", { x: "1" }],
        ["b", {}],
      ]),
      indices: [0, 1, 2, 3],
    },
  ]);
});

test("a namespace of two descriptions has one after the other", (t) => {
  const rounds = namespaceRounds([review("a", {}), review("a", { x: "1" }), review("b", {}), review("a", {})]);
  t.deepEqual(
    rounds.map(({ indices }) => indices),
    [[0, 2, 3], [1]],
  );
  t.deepEqual(rounds[1].labels, new Map([["a", { x: "1" }]]));
});
