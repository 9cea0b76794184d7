import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { targets } from "@registry-policy/compiler";
import { proofReaders } from "@registry-policy/equivalence";
import test from "ava";

const page = fileURLToPath(new URL("../../../docs/claims.md", import.meta.url));
const text = readFileSync(page, "utf8");
const [proved = "", tested = "", assumed = ""] = ["Proved", "Tested", "Assumed"].map(
  (title) => text.split(`\n## ${title}\n`)[1]?.split("\n## ")[0],
);

/** The titles of the tests that a file declares, with `…` in the place of what is filled in. */
function titlesIn(file: string): string[] {
  const source = readFileSync(file, "utf8");
  return [...source.matchAll(/\b(?:test|test\.serial|serially)\(\s*(?:"([^"]*)"|`((?:[^`\\]|\\.)*)`)/g)].map(
    ([, plain, template = ""]) => (plain ?? template).replaceAll(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, "…"),
  );
}

const named = [...text.matchAll(/\[([^\]]+)\]\((\S+\.test\.ts)\)/g)].map(([, title = "", path = ""]) => ({
  title,
  path,
}));

test("every test that the page of claims names is there", (t) => {
  t.true(named.length > 25);
  for (const { title, path } of named) {
    const file = join(dirname(page), path);
    t.true(existsSync(file), path);
    t.true(titlesIn(file).includes(title), `${path} has no test \`${title}\``);
  }
});

test("every line of the page names a test, or says that nothing here can tell", (t) => {
  const rows = text.split("\n").filter((line) => /^\| (?!---|claim|assumption)/.test(line));
  t.true(rows.length > 20);
  for (const row of rows) t.regex(row, /\.test\.ts\)|\| the same \|$|\| nothing here: /);
});

test("the page says of each target whether it is proved or only tested, as it is", (t) => {
  const targetsIn = (part: string) =>
    targets.map(({ id }) => id).filter((id) => new RegExp(`What is emitted for [^|]*\`${id}\``).test(part));
  const isProved = (id: string) => Object.hasOwn(proofReaders, id);
  t.deepEqual(targetsIn(proved), targets.map(({ id }) => id).filter(isProved));
  const judged = targets.map(({ id }) => id).filter((id) => !isProved(id) && targetsIn(tested).includes(id));
  t.deepEqual(targetsIn(tested), judged);
  t.true(judged.includes("kyverno-cluster-policy") || isProved("kyverno-cluster-policy"));
});

test("what a proof takes for granted is among the assumptions", (t) => {
  for (const { assumptions } of Object.values(proofReaders)) {
    for (const assumption of assumptions) t.true(assumed.includes(`\n| ${assumption} | `), assumption);
  }
});
