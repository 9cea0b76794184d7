import { readFileSync, writeFileSync } from "node:fs";
import test from "ava";
import { diagnosticCodes } from "./diagnostic-codes.js";
import { parsePolicies } from "./parse-policies.js";
import { parseReference, printReference } from "./reference.js";

const page = new URL("../../../docs/language.md", import.meta.url);
const text = readFileSync(page, "utf8");
const examples = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, example = ""]) => example);

test("the page has examples", (t) => {
  t.true(examples.length >= 3);
});

for (const [index, example] of examples.entries()) {
  test(`example ${index + 1} of the language page is a policy without errors or warnings`, (t) => {
    const { policies, diagnostics } = parsePolicies({ text: example, file: "docs/language.md" });
    t.deepEqual(diagnostics, []);
    t.is(policies.length, 1);
  });
}

test("the table of codes of the language page is the one that diagnostics come from", (t) => {
  const rows = Object.entries(diagnosticCodes).map(
    ([code, { severity, summary }]) => `| \`${code}\` | ${severity} | ${summary} |`,
  );
  const table = ["| code | severity | what it is about |", "| --- | --- | --- |", ...rows, ""].join("\n");
  const tableIn = (page: string) => /^\| code \| severity .*\n(?:\|.*\n)*/m.exec(page)?.[0] ?? "";
  t.not(tableIn(text), "");
  if (process.env.UPDATE_GOLDEN === "1")
    writeFileSync(
      page,
      text.replace(tableIn(text), () => table),
    );
  t.is(tableIn(readFileSync(page, "utf8")), table);
});

test("references are read as the language page says", (t) => {
  const section = text.slice(text.indexOf("## References"), text.indexOf("## Patterns"));
  const rows = [...section.matchAll(/^\| (`.*) \| `([^`]+)` \|$/gm)];
  t.true(rows.length >= 6);
  for (const [, written = "", expected = ""] of rows) {
    for (const [, image = ""] of written.matchAll(/`([^`]*[^`/])`/g)) {
      const reference = parseReference(image, "docker.io");
      t.is("invalid" in reference ? reference.invalid : printReference(reference), expected, image);
    }
  }
});
