import { parsePolicies } from "@registry-policy/language";
import test from "ava";
import { nameTable, patternsOf } from "./name-table.js";

function tableOf(list: "allow" | "deny", ...patterns: string[]) {
  const spec = JSON.stringify({ images: { [list]: patterns } });
  const text = `apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: {name: p}\nspec: ${spec}\n`;
  const [policy] = parsePolicies({ text, file: "p.yaml" }).policies;
  if (policy === undefined) throw new Error(`${patterns.join(", ")} make no policy`);
  return nameTable(patternsOf(policy.images[list] ?? []), list);
}

test("a pattern without a wildcard before its end is a name", (t) => {
  const table = tableOf(
    "allow",
    "registry.my.com",
    "ghcr.io/acme/**",
    "docker.io/nginx",
    "quay.io/a:v1",
    "corp:5000/x",
  );
  t.deepEqual(table.groups, [
    { form: { below: 1 }, names: ["registry.my.com/"] },
    { form: { below: 2 }, names: ["ghcr.io/acme/"] },
    { form: "repository", names: ["corp:5000/x", "docker.io/library/nginx"] },
    { form: "tag", names: ["quay.io/a:v1"] },
  ]);
  t.deepEqual(table.expressed, []);
});

const expressed = [
  "*.my.com",
  "ghcr.io/a*/b",
  "ghcr.io/**/b",
  "ghcr.io/a/**:v1",
  "quay.io/a:v*",
  "quay.io/a@*",
  "quay.io:*/a",
];
for (const pattern of expressed) {
  test(`\`${pattern}\` needs an expression`, (t) => {
    const table = tableOf("allow", pattern);
    t.deepEqual(table.groups, []);
    t.is(table.expressed.length, 1);
  });
}

test("a name that is denied has no port, and a pattern with one is an expression", (t) => {
  const table = tableOf("deny", "registry.my.com/sandbox/**", "registry.my.com:5000/x");
  t.deepEqual(table.groups, [{ form: { below: 2 }, names: ["registry.my.com/sandbox/"] }]);
  t.is(table.expressed.length, 1);
});
