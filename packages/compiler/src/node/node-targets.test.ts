import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Diagnostic, type Policy, parsePolicies } from "@registry-policy/language";
import test from "ava";
import { compilePolicies } from "../compile-policies.js";
import { features } from "../target.js";
import { nodeTargets } from "../targets.js";
import { loadTemplates } from "../templates.js";

/* What a node is told. `UPDATE_GOLDEN=1` writes the golden files anew: read what has changed before you commit it. */

const golden = fileURLToPath(new URL("../../src/golden/", import.meta.url));
const templates = loadTemplates();

function read(text: string, file: string): Policy {
  const { policies, diagnostics } = parsePolicies({ text, file });
  const [policy] = policies;
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return policy;
}

const policies = ["policies", "node-policies"].flatMap((folder) =>
  readdirSync(join(golden, folder))
    .sort()
    .map((file) => read(readFileSync(join(golden, folder, file), "utf8"), file)),
);

const shown = ({ severity, code, message }: Diagnostic) => `${severity} ${code}: ${message}`;

for (const target of nodeTargets) {
  test(`what is emitted: ${target.id}`, (t) => {
    const { artifacts, diagnostics } = compilePolicies(policies, { targets: [target], templates });
    const files = [
      ...artifacts.map(({ path, content }) => ({ path, content: String(content) })),
      { path: `${target.id}/diagnostics.txt`, content: `${diagnostics.map(shown).join("\n")}\n` },
    ];
    const folder = join(golden, target.id);
    if (process.env.UPDATE_GOLDEN === "1") {
      rmSync(folder, { recursive: true, force: true });
      for (const { path, content } of files) {
        mkdirSync(dirname(join(golden, path)), { recursive: true });
        writeFileSync(join(golden, path), content);
      }
    }
    const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    t.is(found.length, files.length, "the same files");
    for (const { path, content } of files) t.is(content, readFileSync(join(golden, path), "utf8"), path);
  });

  test(`every feature is answered: ${target.id}`, (t) => {
    t.deepEqual(Object.keys(target.capabilities.features).sort(), [...features].sort());
  });

  test(`a policy of which nothing can be said is refused by name: ${target.id}`, (t) => {
    const [nothing] = policiesOf('allow: ["*.example.com/team-*/**"]');
    const { artifacts, diagnostics } = target.emit(nothing, templates);
    t.deepEqual(artifacts, []);
    t.deepEqual(
      diagnostics.map(({ code, severity }) => `${severity} ${code}`),
      ["error nothing-said"],
    );
  });
}

function policiesOf(...images: string[]): [Policy, ...Policy[]] {
  const head = "apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: {name: p}\nspec:\n  images:";
  const [first, ...rest] = images.map((text) => read(`${head} {${text}}`, "p.yaml"));
  if (first === undefined) throw new Error("no policy");
  return [first, ...rest];
}

/** The accepted and rejected scopes of the images of a policy. */
function scopesOf(images: string): { accepted: string[]; rejected: string[]; default: string } | undefined {
  const target = nodeTargets.find(({ id }) => id === "containers-policy");
  const file = target
    ?.emit(policiesOf(images)[0], templates)
    .artifacts.find(({ path }) => path.endsWith("policy.json"));
  if (file === undefined) return undefined;
  const { default: fallback, transports } = JSON.parse(String(file.content));
  const all = Object.entries(transports?.docker ?? {}) as [string, { type: string }[]][];
  const of = (type: string) => all.filter(([, [only]]) => only?.type === type).map(([scope]) => scope);
  return { accepted: of("insecureAcceptAnything"), rejected: of("reject"), default: fallback[0].type };
}

test("a rejected scope stands only in one that is accepted", (t) => {
  t.deepEqual(scopesOf('allow: [a.io, "b.io/x/**"], deny: ["a.io/bad/**", "c.io/**", "b.io/**/y", "*.io/x/z"]'), {
    accepted: ["a.io"],
    rejected: ["a.io/bad", "a.io/x/z"],
    default: "reject",
  });
});

test("what is denied under any port is rejected under the port that is allowed", (t) => {
  t.deepEqual(scopesOf('allow: ["a.io:5000/**"], deny: [a.io/x]'), {
    accepted: ["a.io:5000"],
    rejected: ["a.io:5000/x"],
    default: "reject",
  });
});

test("sub-domains of which one is denied are not allowed, as it can be spelled otherwise", (t) => {
  t.is(scopesOf('allow: ["**.a.io:*"], deny: [bad.a.io]'), undefined);
  t.is(scopesOf('allow: ["**.a.io:*"], deny: ["*.io/**"]')?.accepted[0], "*.a.io");
  t.is(scopesOf('allow: ["**.a.io:*"], deny: ["**.io/x/**"]'), undefined);
  t.is(scopesOf('allow: ["**.a.io:*"], deny: ["*.b.io", "a.io", "x.aa.io"]')?.accepted[0], "*.a.io");
});

test("a tag that is denied is rejected where its repository is named, and not allowed where it is", (t) => {
  t.deepEqual(scopesOf('allow: [a.io/x, "a.io/y:latest", "a.io/y:v1", "a.io/z/**"], denyTags: [latest, "*-rc"]'), {
    accepted: ["a.io/x", "a.io/y:v1", "a.io/z"],
    rejected: ["a.io/x:latest"],
    default: "reject",
  });
});

test("everything is allowed but what is denied, where a pattern allows everything", (t) => {
  t.deepEqual(scopesOf('allow: ["**", a.io], deny: ["a.io/x:v1"]'), {
    accepted: [],
    rejected: ["a.io/x"],
    default: "insecureAcceptAnything",
  });
  t.is(scopesOf('deny: ["**/**/debug"]'), undefined);
});
