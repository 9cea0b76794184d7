import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "ava";
import { loadTemplates } from "./templates.js";

/** A folder with the given files, gone when the test is over. */
function folder(t: { teardown(done: () => void): void }, files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), "templates-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

const path = "gatekeeper/constraint.yaml.hbs";

test("a user's template takes the place of the shipped one", (t) => {
  const templates = loadTemplates(folder(t, { [path]: "name: {{yaml name}}\n" }));
  t.is(templates.render(path, { name: "no" }), 'name: "no"\n');
  t.true(templates.isOverridden(path));
  t.false(templates.isOverridden("gatekeeper/registry-policy.rego"));
});

test("a value that a template asks for and does not get is an error", (t) => {
  const templates = loadTemplates(folder(t, { [path]: "name: {{nmae}}\n" }));
  t.throws(() => templates.render(path, { name: "a" }), { any: true, message: /nmae/ });
});

test("text is put in as it is: no template in it is run, no sign in it escaped", (t) => {
  const templates = loadTemplates(folder(t, { [path]: "{{text}}" }));
  t.is(templates.render(path, { text: "{{text}} <a & 'b'>" }), "{{text}} <a & 'b'>");
});

test("a file that no target asks for is refused", (t) => {
  const directory = folder(t, { "gatekeeper/constrain.yaml.hbs": "" });
  t.throws(() => loadTemplates(directory), { message: /no target has a template `gatekeeper\/constrain.yaml.hbs`/ });
});

test("a folder that is not there is refused", (t) => {
  t.throws(() => loadTemplates(join(tmpdir(), "there-is-no-such-folder")), { code: "ENOENT" });
});

test("several lines keep their indentation, and an empty line stays empty", (t) => {
  const templates = loadTemplates(folder(t, { [path]: "a:\n  {{indented text 2}}\nb:\n  {{yaml value indent=2}}\n" }));
  t.is(templates.render(path, { text: "x\n\ny", value: { c: [1] } }), "a:\n  x\n\n  y\nb:\n  c:\n    - 1\n");
});
