import test from "ava";
import { documentOf, documentsOf, installedDocumentsOf } from "./documents.mjs";

test("each document keeps its own text", (t) => {
  const first = "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n";
  const second = "# a comment\napiVersion: v1\nkind: B\nmetadata: { name: b, namespace: n }\n";
  const [a, b, ...more] = documentsOf(`${first}---\n${second}`);
  t.like(a, { kind: "A", name: "a", text: first });
  t.like(b, { kind: "B", name: "b", namespace: "n" });
  t.true(b.text.includes("kind: B"));
  t.deepEqual(more, []);
});

test("an empty document is none", (t) => {
  t.is(documentsOf("---\n# nothing\n---\napiVersion: v1\nkind: A\nmetadata: { name: a }\n").length, 1);
});

test("of an installation, the heads are read", (t) => {
  const text =
    '---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels:\n    name: not-this\n  name: "own"\n  namespace: ns\ndata:\n  name: nor-this\n---\n';
  t.like(installedDocumentsOf(text), [{ apiVersion: "v1", kind: "ConfigMap", name: "own", namespace: "ns" }]);
});

test("an object is a document too", (t) => {
  const object = { apiVersion: "v1", kind: "A", metadata: { name: "a" } };
  t.deepEqual(documentOf(object), { apiVersion: "v1", kind: "A", name: "a", text: JSON.stringify(object) });
});
