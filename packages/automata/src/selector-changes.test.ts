import { type LabelSelector, matchesSelector } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { selectedAlone } from "./selector-changes.js";

const keys = ["a", "b"];
const values = ["1", "2"];

const requirement = fc.oneof(
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("In" as const, "NotIn" as const),
    values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }),
  }),
  fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const) }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 2 }),
  matchExpressions: fc.array(requirement, { maxLength: 3 }),
});

/** Every set of labels of the keys, with values that are named and one that is not. */
const allLabels: Record<string, string>[] = [undefined, ...values, "x"].flatMap((a) =>
  [undefined, ...values, "x"].map((b) => ({ ...(a !== undefined && { a }), ...(b !== undefined && { b }) })),
);

test("labels are found if and only if one selector matches some that another does not", (t) => {
  let found = 0;
  fc.assert(
    fc.property(selector, selector, (one, other) => {
      const isAlone = (labels: Record<string, string>) =>
        matchesSelector(one, labels) && !matchesSelector(other, labels);
      const labels = selectedAlone(one, other);
      t.is(labels !== undefined, allLabels.some(isAlone), JSON.stringify([one, other]));
      if (labels === undefined) return;
      found += 1;
      t.true(isAlone({ ...labels }), JSON.stringify([one, other, labels]));
    }),
    { seed: 1, numRuns: 2_000 },
  );
  t.true(found > 200 && found < 1_900, String(found));
});

test("the label of a namespace's name is always there", (t) => {
  const key = "kubernetes.io/metadata.name";
  t.is(selectedAlone({}, { matchExpressions: [{ key, operator: "Exists" }] }), undefined);
  t.deepEqual(selectedAlone({}, { matchExpressions: [{ key, operator: "NotIn", values: ["build"] }] }), {
    [key]: "build",
  });
});
