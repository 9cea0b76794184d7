import test from "ava";
import { diagnosticIn, type Path, readDocuments, type SourceDocument } from "./source-document.js";

function read(text: string): SourceDocument {
  const { documents } = readDocuments({ text, file: "f.yaml" });
  const [document] = documents;
  if (document === undefined) throw new Error("there is no document");
  return document;
}

/** What of the text a path points at. */
function pointed(document: SourceDocument, path: Path, part?: "key" | "value"): string {
  const { start, end } = document.spanOf(path, part);
  return document.source.text.slice(start, end);
}

test("the value of a document is JSON, with properties of its own alone", (t) => {
  const { value } = read("a: [1, 1.5, true, null, ~, x, '1', no, 0x10, 1e3]\n__proto__: {b: 1}\n1: x\n");
  t.is(JSON.stringify(value), '{"1":"x","a":[1,1.5,true,null,null,"x","1","no",16,1000],"__proto__":{"b":1}}');
  t.is(Object.getPrototypeOf(value), Object.prototype);
});

test("values and keys are pointed at, through aliases too", (t) => {
  const document = read("a: &x {b: [c, de]}\nf: *x\n");
  t.is(pointed(document, ["a", "b", 1]), "de");
  t.is(pointed(document, ["f", "b", 1]), "de");
  t.is(pointed(document, ["f"]), "*x");
  t.is(pointed(document, ["f"], "key"), "f");
  t.is(pointed(document, ["a", "b"], "key"), "b");
});

test("what is not there is pointed at by the nearest that is", (t) => {
  const document = read("a: {b: [c, d]}\n");
  t.is(pointed(document, ["a", "b", 7]), "b");
  t.is(pointed(document, ["a", "x"]), "a");
  t.is(pointed(document, ["x"]), "a: {b: [c, d]}\n");
});

test("a scalar can be asked for as it is written", (t) => {
  const document = read("a: 1.10\nb: 'x'\nc: [1]\nd:\n");
  t.is(document.writtenAt(["a"]), "1.10");
  t.is(document.writtenAt(["b"]), "'x'");
  t.is(document.writtenAt(["c"]), undefined);
  t.is(document.writtenAt(["d"]), "");
});

test("each document of a file has its own diagnostics, and its kind can be read nevertheless", (t) => {
  const { documents, diagnostics } = readDocuments({
    text: "kind: A\n---\n# none\n---\nkind: B\na: *b\n---\nkind: C\n",
    file: "f",
  });
  t.deepEqual(diagnostics, []);
  t.deepEqual(
    documents.map(({ kind }) => kind),
    ["A", "B", "C"],
  );
  t.deepEqual(
    documents.map((document) => document.diagnostics.map(({ code }) => code)),
    [[], ["unknown-alias"], []],
  );
  t.is(documents[1]?.value, undefined);
});

test("an alias means the anchor that stands last in front of it", (t) => {
  const document = read("a: &x 1\nb: &y {c: *x}\nd: &x 2\ne: *x\nf: *y\n");
  t.is(JSON.stringify(document.value), '{"a":1,"b":{"c":1},"d":2,"e":2,"f":{"c":1}}');
});

test("a diagnostic has the place and the line of what it is about", (t) => {
  const document = read("a:\n  b: cd\n");
  const problem = { code: "invalid-value", message: "m", help: "h" } as const;
  t.like(diagnosticIn(document, ["a", "b"], problem), {
    severity: "error",
    location: { file: "f.yaml", line: 2, column: 6 },
    length: 2,
    sourceLine: "  b: cd",
  });
});
