import { parsePolicies, readDocuments } from "@registry-policy/language";
import test from "ava";
import { parseFixtures } from "../fixtures/parse-fixtures.js";
import { usualExtent } from "./extent.js";
import { type GeneratedCase, generatedRequests } from "./generated-requests.js";
import { withKept } from "./kept-fixture.js";

const [policy] = parsePolicies({
  text: "apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: {name: p}\nspec: {images: {allow: [ghcr.io]}}\n",
  file: "policy.yaml",
}).policies;
const cases = policy === undefined ? [] : generatedRequests(policy, policy.place.location, usualExtent).cases;
const [one, two] = cases as readonly [GeneratedCase, GeneratedCase];
const head = "apiVersion: registry-policy.dev/v1\nkind: Fixtures\n";

function read(text: string) {
  const { documents } = readDocuments({ text, file: "fixtures.yaml" });
  const sets = documents.map(parseFixtures);
  return { documents: documents.length, diagnostics: sets.flatMap((set) => set.diagnostics), sets };
}

test("every request reads back from the file that it is kept in", (t) => {
  t.true(cases.length > 50);
  for (const request of cases) {
    const [set] = read(withKept(undefined, "p", request) ?? "").sets;
    t.is(set?.set?.policy, "p");
    t.deepEqual(set?.set?.cases[0]?.review.request.object, request.review.request.object);
    t.deepEqual(set?.set?.cases[0]?.expect, request.expect);
  }
});

test("a request is added to the list that the file ends with, and nothing else is changed", (t) => {
  const text = `${head}# what we know\ncases:\n    - {name: a, image: "x",   expect: deny} # first\n\n    - name: b\n      image: ghcr.io/a/b\n      expect: allow`;
  const kept = withKept(text, "p", one) ?? "";
  t.true(kept.startsWith(`${text}\n\n    - name: ${one.name}\n`), kept);
  const again = withKept(kept, "p", two) ?? "";
  t.true(again.startsWith(kept));
  t.deepEqual(read(again).diagnostics, []);
  t.is(read(again).documents, 1);
  t.is(read(again).sets[0]?.set?.cases.length, 4);
});

for (const [name, text] of [
  ["in flow style", `${head}cases: [{name: a, image: x, expect: deny}]\n`],
  ["of another policy", `${head}policy: other\ncases:\n  - {name: a, image: x, expect: deny}\n`],
  ["behind which something follows", `${head}cases:\n  - {name: a, image: x, expect: deny}\npolicy: p\n`],
] as const) {
  test(`where the list is one ${name}, the request gets a document of its own`, (t) => {
    const kept = withKept(text, "p", one) ?? "";
    t.true(kept.startsWith(text));
    const { documents, diagnostics, sets } = read(kept);
    t.is(documents, 2);
    t.deepEqual(diagnostics, []);
    t.is(sets[1]?.set?.policy, "p");
  });
}

test("a name that is there already is not kept again", (t) => {
  t.is(withKept(withKept(undefined, "p", one), "p", one), undefined);
});
