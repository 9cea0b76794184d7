import type { Comparison } from "@registry-policy/equivalence";
import test from "ava";
import { askedText } from "./compare-text.js";

const side = { title: "ClusterPolicy", judge: "Kyverno" };
const view = { columns: 1_000, colour: false };

function comparisonOf(asked: Partial<Comparison["asked"]>): Comparison {
  return {
    left: side,
    right: side,
    differences: [],
    differ: false,
    notes: [],
    isProof: false,
    asked: {
      requests: 900,
      images: 1,
      kinds: ["Pod"],
      fields: ["containers"],
      operations: ["CREATE"],
      namespaces: ["default"],
      users: [],
      annotations: [],
      names: { found: 30, asked: 30, telling: 20, inEveryForm: 20 },
      ...asked,
    },
  };
}

test("where all was asked, nothing is said of a sample", (t) => {
  const text = askedText(comparisonOf({}), view);
  t.is(
    text,
    "no difference was found: 900 requests were asked about, made of 1 image, 1 kind, 1 field, 1 operation, 1 namespace; this is a test and not a proof\n",
  );
});

test("where something was left out, it is said of how much the rest is a sample", (t) => {
  const names = { found: 1_042, asked: 43, telling: 12, inEveryForm: 6 };
  t.true(
    askedText(comparisonOf({ names, thingsApart: 2 }), view).includes(
      "; they are a sample: of 1042 words that may be names 43 were asked about, 6 of them in every form, no more than 2 things differ from the plainest request; this is a test",
    ),
  );
  const many = { found: 80, asked: 80, telling: 80, inEveryForm: 24 };
  t.true(
    askedText(comparisonOf({ names: many }), view).includes(
      "; they are a sample: of 80 words that may be names 24 were asked about in every form; this is a test",
    ),
  );
});
