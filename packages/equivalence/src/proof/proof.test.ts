import test from "ava";
import { jsonOf, textOf, Unreadable, yamlDocumentsOf, yamlOf } from "./proof.js";

for (const [what, text, problem] of [
  ["a key that is there twice", "images: a\nimages: b", "it is no YAML: duplicated mapping key (2:1)"],
  [
    "a list that does not end",
    "images: [a",
    "it is no YAML: unexpected end of the stream within a flow collection (1:11)",
  ],
  [
    "a tag that nobody knows",
    "images: !!binary YQ==",
    "it is no YAML: unknown scalar tag !<tag:yaml.org,2002:binary> (1:9)",
  ],
  ["lists in lists without end", "[".repeat(10_000), "it is no YAML: nesting exceeded maxDepth (100) (1:100)"],
] as const) {
  test(`YAML with ${what} is not read, and one line says why`, (t) => {
    for (const read of [yamlOf, yamlDocumentsOf])
      t.throws(() => read(text), { instanceOf: Unreadable, message: problem });
  });
}

test("of two documents or none, none is the value", (t) => {
  for (const text of ["a: 1\n---\na: 2", ""]) t.throws(() => yamlOf(text), { instanceOf: Unreadable });
  t.deepEqual(yamlDocumentsOf("a: 1\n---\na: 2"), [{ a: 1 }, { a: 2 }]);
});

test("a key is a key, whatever it is called", (t) => {
  const value = yamlOf("__proto__: { images: a }\n<<: { images: b }");
  t.deepEqual(Object.keys(value as object), ["__proto__", "<<"]);
  t.false("images" in (value as object));
});

test("what is no JSON or no UTF-8 is said", (t) => {
  t.throws(() => jsonOf("{"), { instanceOf: Unreadable, message: /^it is no JSON: / });
  const bytes = { path: "policy.yaml", content: new Uint8Array([0xff]) };
  t.throws(() => textOf(bytes), { instanceOf: Unreadable, message: /^it is no UTF-8: / });
});
