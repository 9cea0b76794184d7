import { Ajv } from "ajv";
import test from "ava";
import { diffSchema } from "../schemas/diff-schema.js";
import { folderOf, isGolden, runCommand } from "../testing/run-command.js";
import { sampleFiles } from "../testing/sample-files.js";

const old = sampleFiles["policy.yaml"];
const files = {
  "old.yaml": old,
  "new.yaml": old
    .replace("enforcement: warn", "enforcement: deny")
    .replace("[kube-system]", "[kube-system, team-*]")
    .replace("{nginx,redis}", "nginx")
    .replace("      - registry.my.com/sandbox/**", "      - registry.my.com/sandbox/x/**\n      - registry.my.com/bad"),
  "same.yaml": old.replace("docker.io/library/{nginx,redis}", "Docker.IO:443/{redis,nginx}"),
};

test("what changes is shown to a person, with examples and the patterns that they come from", async (t) => {
  const cwd = await folderOf(t, files);
  const { code, out } = await runCommand(["diff", "old.yaml", "new.yaml"], { cwd });
  t.is(code, 0);
  await isGolden(t, "diff.txt", out);
});

test("what changes is told to a program, as the schema says", async (t) => {
  const cwd = await folderOf(t, files);
  const { out } = await runCommand(["diff", "old.yaml", "new.yaml", "--output", "json"], { cwd });
  const validate = new Ajv({ allowUnionTypes: true }).compile(diffSchema);
  t.true(validate(JSON.parse(out)), JSON.stringify(validate.errors));
  await isGolden(t, "diff.json", out);
});

test("a policy in other words has no change", async (t) => {
  const cwd = await folderOf(t, files);
  const words = ["diff", "old.yaml", "same.yaml", "--fail-on", "widened,narrowed"];
  const { code, out } = await runCommand(words, { cwd });
  t.is(code, 0);
  t.is(out, "policy sample\n  no change\n\nno change: every image is judged as before, for the same objects\n");
});

test("a change of the direction that is asked about fails", async (t) => {
  const cwd = await folderOf(t, { ...files, "wide.yaml": old.replace("denyTags: [latest]", "denyTags: [latest-*]") });
  const code = async (...words: string[]) => (await runCommand(["diff", ...words], { cwd })).code;
  t.is(await code("old.yaml", "wide.yaml"), 0);
  t.is(await code("old.yaml", "wide.yaml", "--fail-on", "widened"), 3);
  t.is(await code("old.yaml", "old.yaml", "--fail-on", "narrowed"), 0);
  t.is(await code("wide.yaml", "old.yaml", "--fail-on", "narrowed"), 3);
  t.is(await code("old.yaml", "new.yaml", "--fail-on", "looser"), 1);
  t.is(await code("old.yaml", "new.yaml", "--limit", "0"), 1);
});

test("of several policies those of one name are compared", async (t) => {
  const other = old.replace("name: sample", "name: other");
  const third = old.replace("name: sample", "name: third");
  const cwd = await folderOf(t, { "old/a.yaml": `${old}---\n${other}`, "new/a.yaml": `${third}---\n${old}` });
  const { code, out } = await runCommand(["diff", "old", "new", "--fail-on", "widened"], { cwd });
  t.is(code, 3);
  t.regex(out, /policy sample\n {2}no change\n/);
  t.regex(out, /policy other\n {4}\+ the policy is gone\n/);
  t.regex(out, /policy third\n {4}- the policy is new\n/);
});

test("an invalid policy is not compared", async (t) => {
  const cwd = await folderOf(t, { ...files, "bad.yaml": old.replace("allow:", "alow:") });
  const { code, err } = await runCommand(["diff", "old.yaml", "bad.yaml"], { cwd });
  t.is(code, 2);
  t.regex(err, /bad\.yaml:/);
});

test("more causes than are asked for are counted out loud", async (t) => {
  const wide = old.replace("- registry.my.com\n", "- registry.my.com\n      - a.io\n      - b.io\n      - c.io\n");
  const cwd = await folderOf(t, { "old.yaml": old, "wide.yaml": wide });
  const { out } = await runCommand(["diff", "old.yaml", "wide.yaml", "--limit", "2"], { cwd });
  t.is(out.match(/^ {4}\+ /gm)?.length, 2);
  t.regex(out, /… and for more causes/);
});
