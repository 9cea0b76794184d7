import test from "ava";
import { InputError } from "../files/input-error.js";
import { comparedDocuments } from "./compared-documents.js";
import { comparedSide } from "./compared-side.js";

const pod = "kind: Pod\nmetadata: { name: p }\n";
const policy = "kind: ClusterPolicy\nspec: { rules: [] }\n";

const texts: Readonly<Record<string, readonly [text: string, places: readonly string[]]>> = {
  "one object": [policy, ["a.yaml"]],
  "one after a comment and dashes": [`# ours\n---\n${policy}`, ["a.yaml"]],
  "one before dashes": [`${policy}---\n`, ["a.yaml, document 1"]],
  "two, and nothing between them": [`${policy}---\n---\n${pod}`, ["a.yaml, document 1", "a.yaml, document 3"]],
  "a list": [`kind: List\nitems: [{ kind: Pod }, { kind: ClusterPolicy }]\n`, ["a.yaml, item 1", "a.yaml, item 2"]],
  "nothing but a comment": ["# nothing\n", []],
  nothing: ["", []],
};

for (const [name, [text, places]] of Object.entries(texts)) {
  test(`a file holds ${name}`, (t) => {
    const documents = comparedDocuments({ path: "a.yaml", text });
    t.deepEqual(
      documents.map(({ place }) => place),
      [...places],
    );
  });
}

test("what is no YAML is named with its document", (t) => {
  const error = t.throws(() => comparedDocuments({ path: "a.yaml", text: `${policy}---\na: [\n` }), {
    instanceOf: InputError,
  });
  t.regex(error?.message ?? "", /^`a\.yaml, document 2` is no YAML: .*[^:]$/);
});

test("aliases of nothing, and aliases that explode, are no YAML either", (t) => {
  const lists = [..."abcdefgh"].map((name, index, all) => {
    const items = Array.from({ length: 9 }, () => (index === 0 ? "1" : `*${all[index - 1]}`));
    return `${name}: &${name} [${items.join()}]\n`;
  });
  for (const text of [`${policy}a: *nothing\n`, lists.join("")]) {
    t.throws(() => comparedDocuments({ path: "a.yaml", text }), {
      instanceOf: InputError,
      message: /^`a\.yaml` is no YAML: /,
    });
  }
});

test("what is no part of a policy is left alone, and what an engine cannot take is not", (t) => {
  const text = `---\n${pod}---\n${policy}---\nkind: PolicyException\n`;
  t.deepEqual(
    comparedSide([{ path: "a.yaml", text }]).files.map(({ path }) => path),
    ["a.yaml, document 2", "a.yaml, document 3"],
  );
  t.throws(() => comparedSide([]), { message: "there is no policy in an empty directory" });
});

test("Rego is known by its name, or by its text where it has none", (t) => {
  const text = "# ours\n\npackage kubernetes.admission\n\ndeny contains 1 if true\n";
  for (const path of ["a.rego", "/dev/stdin"]) t.is(comparedSide([{ path, text }]).title, "Rego");
  const both = [
    { path: "a.rego", text },
    { path: "b.yaml", text: policy },
  ];
  t.throws(() => comparedSide(both), { message: "`a.rego`, `b.yaml` holds both Rego and a ClusterPolicy" });
});
