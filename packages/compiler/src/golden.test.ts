import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Policy, parsePolicies } from "@registry-policy/language";
import test from "ava";
import { compilePolicies } from "./compile-policies.js";
import { targets } from "./targets.js";
import { loadTemplates } from "./templates.js";

/*
 * What every target emits for the policies of `golden/policies`, byte by byte. `UPDATE_GOLDEN=1` writes it anew: read
 * what has changed before you commit it.
 */

const golden = fileURLToPath(new URL("../src/golden/", import.meta.url));
const templates = loadTemplates();

const policies = readdirSync(join(golden, "policies"))
  .sort()
  .map((file) => readPolicy(readFileSync(join(golden, "policies", file), "utf8"), file));

function readPolicy(text: string, file: string): Policy {
  const [policy] = parsePolicies({ text, file }).policies;
  if (policy === undefined) throw new Error(`${file} is no valid policy`);
  return policy;
}

for (const target of targets) {
  test(`what is emitted: ${target.id}`, (t) => {
    const { artifacts, diagnostics } = compilePolicies(policies, { targets: [target], templates });
    t.deepEqual(diagnostics, []);
    const texts = artifacts.filter(({ content }) => typeof content === "string");
    const folder = join(golden, target.id);
    if (process.env.UPDATE_GOLDEN === "1") {
      rmSync(folder, { recursive: true, force: true });
      for (const { path, content } of texts) {
        mkdirSync(dirname(join(golden, path)), { recursive: true });
        writeFileSync(join(golden, path), content);
      }
    }
    t.deepEqual(texts.map(({ path }) => path).sort(), filesBelow(folder), "the same files");
    for (const { path, content } of texts) t.is(content, readFileSync(join(golden, path), "utf8"), path);
  });

  test(`the same policies give the same bytes, in whatever order they are found: ${target.id}`, (t) => {
    const emit = (some: readonly Policy[]) => compilePolicies(some, { targets: [target], templates }).artifacts;
    t.deepEqual(emit([...policies].reverse()), emit(policies));
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(golden, join(entry.parentPath, entry.name)))
    .sort();
}
