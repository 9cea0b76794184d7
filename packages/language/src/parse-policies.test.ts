import { readFileSync, writeFileSync } from "node:fs";
import test from "ava";
import { type DiagnosticCode, diagnosticCodes } from "./diagnostic-codes.js";
import { duplicateNames } from "./duplicate-names.js";
import { parsePolicies } from "./parse-policies.js";
import { renderDiagnostic } from "./render-diagnostic.js";
import { type DiagnosticCase, diagnosticCases } from "./testing/diagnostic-cases.js";

const file = "policy.yaml";
const head = "apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\n";
const valid = `${head}metadata: {name: p}\nspec: {images: {allow: [x.io]}}\n`;

for (const { name, code, text } of diagnosticCases) {
  test(`${name} is \`${code}\``, (t) => {
    const { policies, diagnostics } = parsePolicies({ text, file });
    const [first] = diagnostics;
    t.is(first?.code, code);
    t.is(first?.severity, diagnosticCodes[code].severity);
    t.not(first?.help, "");
    const isError = first?.severity === "error";
    t.is(policies.length, isError && code !== "duplicate-name" ? 0 : 1);
  });
}

test("every code is given by a case, and no other code is", (t) => {
  const given = new Set(
    diagnosticCases.flatMap(({ text }) => parsePolicies({ text, file }).diagnostics).map(({ code }) => code),
  );
  const many = `${head}metadata: {name: p}\nspec: {images: {allow: [${"1, ".repeat(60)}]}}\n`;
  for (const { code } of parsePolicies({ text: many, file }).diagnostics) given.add(code);
  t.deepEqual([...given].sort(), (Object.keys(diagnosticCodes) as DiagnosticCode[]).sort());
});

test("messages and help are one line each, of the tone of the others", (t) => {
  for (const { text } of diagnosticCases) {
    for (const { message, help } of parsePolicies({ text, file }).diagnostics) {
      t.regex(message, /^[a-z`0-9][^\n]*[^.\n]$/);
      t.regex(help, /^[a-z`0-9][^\n]*[^.\n]$/);
      t.is((message.match(/`/g)?.length ?? 0) % 2, 0, message);
      t.is((help.match(/`/g)?.length ?? 0) % 2, 0, help);
      t.true(message.length < 400, message);
    }
  }
});

test("diagnostics are rendered as in src/golden/diagnostics.txt", (t) => {
  const render = ({ name, text }: DiagnosticCase) =>
    `# ${name}\n${parsePolicies({ text, file })
      .diagnostics.slice(0, 3)
      .map((diagnostic) => renderDiagnostic(diagnostic))
      .join("\n\n")}\n`;
  const rendered = diagnosticCases.map(render).join("\n");
  const golden = new URL("../src/golden/diagnostics.txt", import.meta.url);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, rendered);
  t.is(rendered, readFileSync(golden, "utf8"));
});

test("at most 50 diagnostics are given, errors first, and a last one that says how many more there are", (t) => {
  const text = `${head}metadata: {name: p}\nspec: {images: {allow: [${"x.io/a:b, ".repeat(60)}]}}\n`;
  const warned = parsePolicies({ text, file });
  t.is(warned.policies.length, 1);
  t.is(warned.diagnostics.length, 51);
  t.like(warned.diagnostics.at(-1), { code: "too-many-diagnostics", severity: "warning" });
  const refused = parsePolicies({ text: text.replaceAll("x.io/a:b", "nginx"), file });
  t.is(refused.policies.length, 0);
  t.like(refused.diagnostics.at(-1), { code: "too-many-diagnostics", severity: "error" });
  t.regex(refused.diagnostics.at(-1)?.message ?? "", /^at least 10 more are not shown, 10 of them errors/);
});

test("in a directory, what is of another kind is left alone, and a policy is not", (t) => {
  const ignored = (text: string) => parsePolicies({ text, file, foreign: "ignore" });
  for (const text of [
    "",
    "a: b",
    "\u0000",
    "{{ helm }}",
    "apiVersion: apps/v1\nkind: Deployment\n",
    "&a *a",
    " ".repeat(10_000_001),
  ]) {
    t.deepEqual(ignored(text).diagnostics, []);
  }
  const mixed = `apiVersion: v1\nkind: ConfigMap\ndata: {a: !x RegistryPolicy}\n---\n- registry-policy.dev\n---\n${valid}`;
  t.is(ignored(mixed).policies.length, 1);
  t.deepEqual(ignored(mixed).diagnostics, []);
  t.is(ignored(`${valid}x: {{ helm }}\n`).policies.length, 0);
  t.is(ignored(`${valid}x: {{ helm }}\n`).diagnostics[0]?.severity, "error");
  t.is(ignored(valid.replace("RegistryPolicy", "RegistryPolcy")).diagnostics[0]?.code, "unknown-value");
  t.is(ignored(valid.replace("registry-policy.dev/v1", "v1")).diagnostics[0]?.code, "unknown-value");
});

test("the Gatekeeper constraint that a policy becomes is of another kind, though its kind is RegistryPolicy", (t) => {
  const text = valid.replace("registry-policy.dev/v1", "constraints.gatekeeper.sh/v1beta1");
  t.deepEqual(parsePolicies({ text, file, foreign: "ignore" }), { policies: [], diagnostics: [], names: [] });
  t.is(parsePolicies({ text, file }).diagnostics[0]?.code, "foreign-document");
});

test("a file may hold several policies, and one with an error does not hide the others", (t) => {
  const text = [
    valid,
    valid.replace("name: p", "name: q").replace("x.io", "nginx"),
    valid.replace("name: p", "name: r"),
  ].join("---\n");
  const { policies, diagnostics } = parsePolicies({ text, file });
  t.deepEqual(
    policies.map(({ name }) => name),
    ["p", "r"],
  );
  t.deepEqual(
    diagnostics.map(({ code }) => code),
    ["pattern-without-registry"],
  );
});

test("two policies of one name are an error in one file and across files", (t) => {
  const inOne = parsePolicies({ text: `${valid}---\n${valid}`, file });
  t.is(inOne.policies.length, 1);
  t.like(inOne.diagnostics[0], { code: "duplicate-name", location: { file, line: 8, column: 18 } });
  const across = duplicateNames(
    ["a.yaml", "b.yaml"].flatMap((name) => parsePolicies({ text: valid, file: name }).names),
  );
  t.is(across.length, 1);
  t.like(across[0], {
    location: { file: "b.yaml", line: 3, column: 18 },
    message: "the name `p` is also that of the policy at `a.yaml:3:18`",
  });
});

test("every default is filled in", (t) => {
  const { policies } = parsePolicies({ text: `${head}metadata: {name: p}\nspec: {}\n`, file });
  t.deepEqual(policies, [
    {
      name: "p",
      labels: {},
      annotations: {},
      enforcement: "deny",
      match: {
        kinds: [
          "Pod",
          "Deployment",
          "ReplicaSet",
          "StatefulSet",
          "DaemonSet",
          "ReplicationController",
          "Job",
          "CronJob",
        ],
        namespaces: [],
        excludeNamespaces: [],
      },
      images: {
        defaultRegistry: "docker.io",
        deny: [],
        require: { explicitRegistry: false, explicitTag: false, digest: false },
        denyTags: [],
      },
      exempt: { users: [], groups: [] },
      place: { location: { file, line: 3, column: 18 }, length: 1, sourceLine: "metadata: {name: p}" },
    },
  ]);
});

test("kinds are in the order of the language page, without duplicates", (t) => {
  const { policies } = parsePolicies({
    text: valid.replace("spec: {", "spec: {match: {kinds: [CronJob, Pod, CronJob]}, "),
    file,
  });
  t.deepEqual(policies[0]?.match.kinds, ["Pod", "CronJob"]);
});

test("places count UTF-16 units from 1, whatever the line ends and the byte order mark", (t) => {
  const text = `${head}metadata: {name: p}\nspec:\n  title: "😀"\n  images: {allow: ["x.io", nginx]}\n`;
  for (const written of [
    text,
    `\ufeff${text}`,
    text.replaceAll("\n", "\r\n"),
    `\ufeff${text.replaceAll("\n", "\r\n")}`,
  ]) {
    const [diagnostic] = parsePolicies({ text: written, file }).diagnostics;
    t.like(diagnostic, {
      location: { file, line: 6, column: 28 },
      length: 5,
      sourceLine: '  images: {allow: ["x.io", nginx]}',
    });
  }
});

test("YAML 1.1 words and numbers between quotes are texts", (t) => {
  const text = `${head}metadata: {name: "no", labels: {a: on, b: "1.10"}}\nspec: {title: 12:30, images: {denyTags: ["1.10", no, 1e, 0o7x]}}\n`;
  const { policies, diagnostics } = parsePolicies({ text, file });
  t.deepEqual(diagnostics, []);
  t.is(policies[0]?.name, "no");
  t.is(policies[0]?.title, "12:30");
  t.deepEqual(
    policies[0]?.images.denyTags.map((tag) => tag.text),
    ["1.10", "no", "1e", "0o7x"],
  );
});

test("anchors and aliases are written out", (t) => {
  const text = `${head}metadata: {name: p}\nspec:\n  images:\n    allow: &list [x.io, &one y.io]\n    deny: *list\n    denyTags: [latest]\n  title: *one\n`;
  const { policies, diagnostics } = parsePolicies({ text, file });
  t.deepEqual(diagnostics, []);
  t.is(policies[0]?.title, "y.io");
  t.deepEqual(
    policies[0]?.images.deny.map((entry) => entry.text),
    ["x.io", "y.io"],
  );
});

test("JSON is YAML", (t) => {
  const text = JSON.stringify({
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name: "p" },
    spec: {},
  });
  t.is(parsePolicies({ text, file }).policies.length, 1);
});

test("ten thousand patterns are parsed", (t) => {
  const patterns = Array.from({ length: 10_000 }, (_, index) => `      - registry.my.com/team-${index}/**\n`);
  const text = `${head}metadata: {name: p}\nspec:\n  images:\n    allow:\n${patterns.join("")}`;
  t.is(parsePolicies({ text, file }).policies[0]?.images.allow?.length, 10_000);
});
