import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { compilePolicies, loadTemplates, targets } from "@registry-policy/compiler";
import { expectationFailures, parseFixtures } from "@registry-policy/equivalence";
import { evaluate, type Policy, parsePolicies, readDocuments } from "@registry-policy/language";
import test from "ava";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("what the documents show of files, commands and targets is up to date", (t) => {
  const words = [join(root, "scripts/readme.mjs"), "--check"];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  t.is(status, 0, stdout + stderr);
});

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...below("docs"),
  ...below("packages"),
  ...below("examples"),
];

test("there are documents", (t) => {
  t.true(documents.length >= 14, documents.join(" "));
});

for (const document of documents) {
  const text = readFileSync(join(root, document), "utf8");
  const ours = blocksOf(text).filter(
    (block) => /^kind: (?:RegistryPolicy|Fixtures)$/m.test(block) && !isConstraint(block),
  );
  const prose = text.replaceAll(/^```.*?^```$/gms, "");
  const links = [...prose.matchAll(/\]\(([^)\s#]+)[^)\s]*\)/g)].flatMap(([, target = ""]) =>
    target.startsWith("https:") ? [] : [target],
  );

  if (ours.length > 0) {
    test(`every policy and fixture in ${document} is right`, (t) => {
      let policy: Policy | undefined;
      for (const block of ours) {
        if (/^kind: RegistryPolicy$/m.test(block)) {
          const { policies, diagnostics } = parsePolicies({ text: block, file: document });
          t.deepEqual(diagnostics, []);
          policy = policies.at(-1);
          t.truthy(policy);
          continue;
        }
        for (const fixtures of readDocuments({ text: block, file: document }).documents) {
          const { set, diagnostics } = parseFixtures(fixtures);
          t.deepEqual(diagnostics, []);
          if (policy === undefined || set === undefined) return t.fail("there is no policy before the fixtures");
          for (const { name, expect, review } of set.cases) {
            t.deepEqual(expectationFailures(expect, evaluate(policy, review)), [], name);
          }
        }
      }
    });
  }

  if (links.length > 0) {
    test(`every link in ${document} leads somewhere`, (t) => {
      for (const path of links) t.true(existsSync(join(root, dirname(document), path)), path);
    });
  }
}

for (const target of targets) {
  const page = join(root, "docs/targets", `${target.id}.md`);
  const section = existsSync(page) ? readFileSync(page, "utf8").split("| in the artifact | why |")[1] : undefined;
  if (section === undefined) continue;

  test(`what the page of ${target.id} shows of its artifacts is in them`, (t) => {
    const files = ["docs/language.md", ...names("examples").map((name) => `examples/${name}/README.md`)];
    const policies = files.flatMap((file) =>
      blocksOf(readFileSync(join(root, file), "utf8")).flatMap((text) => parsePolicies({ text, file }).policies),
    );
    const { artifacts } = compilePolicies(policies, { targets: [target], templates: loadTemplates() });
    const emitted = artifacts.map(({ path, content }) => `${path}\n${content}`).join("\n");
    const [table = ""] = section.split("\n\n");
    const shown = [...table.matchAll(/^\| (`.*?`.*?) \|/gm)].flatMap(([, cell = ""]) => [
      ...cell.matchAll(/`([^`]+)`/g),
    ]);
    t.true(shown.length > 0);
    for (const [, code = ""] of shown) t.true(emitted.includes(code), code);
  });
}

/** What a policy becomes for Gatekeeper has the same kind. */
function isConstraint(block: string): boolean {
  return /^apiVersion: constraints\.gatekeeper\.sh\//m.test(block);
}

/** The fenced blocks of YAML and JSON. */
function blocksOf(text: string): string[] {
  return [...text.matchAll(/^```(?:yaml|json)\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

function names(folder: string): string[] {
  return readdirSync(join(root, folder));
}

/** The Markdown files of a folder, by their paths from the root; what packages depend on and what is built apart. */
function below(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !["node_modules", "dist", "host"].includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return below(path);
      return entry.name.endsWith(".md") ? [relative(".", path)] : [];
    });
}
