import { readdirSync, readFileSync } from "node:fs";
import test from "ava";

const sources = readdirSync(new URL("../src/", import.meta.url)).filter((name) => /^(?!.*\.test\.).*\.ts$/.test(name));

test("the sources import each other, the YAML parser and the schema validator, and nothing of Node", (t) => {
  t.true(sources.length > 30);
  for (const name of sources) {
    const text = readFileSync(new URL(`../src/${name}`, import.meta.url), "utf8");
    for (const [, from = ""] of text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
      t.regex(from, /^(\.\/[a-z-]+\.js|yaml|ajv)$/, `${name} imports ${from}`);
    }
    t.false(text.includes("/testing/"), name);
  }
});

test("everything that is exported is exported by the package", (t) => {
  const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
  for (const name of [
    "diagnostic-codes",
    "parse-policies",
    "reference",
    "source-document",
    "schema-diagnostics",
    "evaluate",
  ]) {
    t.true(index.includes(`"./${name}.js"`), name);
  }
});
