import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lintCodes } from "@registry-policy/automata";
import { compilerCodes } from "@registry-policy/compiler";
import { fixtureCodes, nodeCodes } from "@registry-policy/equivalence";
import { diagnosticCodes } from "@registry-policy/language";
import test from "ava";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = join(root, "docs/language.md");

const around = [
  ["fixtures", fixtureCodes],
  ["a lint", lintCodes],
  ["a target", compilerCodes],
  ["nodes", nodeCodes],
] as const;

test("the language page has every code of what is around a policy", (t) => {
  const rows = around.flatMap(([about, codes]) =>
    Object.entries(codes).map(
      ([code, { severity, summary }]) => `| \`${code}\` | ${about} | ${severity} | ${summary} |`,
    ),
  );
  const table = ["| code | of | severity | what it is about |", "| --- | --- | --- | --- |", ...rows, ""].join("\n");
  const tableIn = (text: string) => /^\| code \| of .*\n(?:\|.*\n)*/m.exec(text)?.[0] ?? "";
  const text = readFileSync(page, "utf8");
  t.not(tableIn(text), "");
  if (process.env.UPDATE_GOLDEN === "1")
    writeFileSync(
      page,
      text.replace(tableIn(text), () => table),
    );
  t.is(tableIn(readFileSync(page, "utf8")), table);
});

test("no code is in two lists, and no diagnostic has a code that is in none", (t) => {
  const listed = [diagnosticCodes, ...around.map(([, codes]) => codes)].flatMap((codes) => Object.keys(codes));
  t.is(new Set(listed).size, listed.length);
  const written = ["language", "automata", "compiler", "equivalence", "cli"].flatMap((name) =>
    sourcesIn(join(root, "packages", name, "src")).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\bcode: "([a-z]+(?:-[a-z]+)+)"/g)].map(([, code = ""]) => code),
    ),
  );
  t.true(new Set(written).size > 30);
  t.deepEqual(
    written.filter((code) => !listed.includes(code)),
    [],
  );
});

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return /\.ts$/.test(entry.name) && !/\.test\./.test(entry.name) ? [path] : [];
  });
}
