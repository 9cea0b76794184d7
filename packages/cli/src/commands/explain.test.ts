import { Ajv } from "ajv";
import test from "ava";
import { explainSchema } from "../schemas/explain-schema.js";
import { bundledMain, folderOf, isGolden, runCommand } from "../testing/run-command.js";
import { sampleFiles } from "../testing/sample-files.js";

const images = [
  "nginx",
  "INDEX.docker.io:0443/nginx:1.27",
  "registry.my.com/sandbox/x:1",
  "ghcr.io/a/b:1",
  "Not/An Image",
  "",
];

test("each image is explained to a person", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const { code, out } = await runCommand(["explain", "policy.yaml", ...images], { cwd });
  t.is(code, 0);
  await isGolden(t, "explain.txt", out);
});

test("each image is explained to a program, as the schema says", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const { out } = await runCommand(["explain", "policy.yaml", ...images, "--output", "json"], { cwd });
  const validate = new Ajv({ allowUnionTypes: true }).compile(explainSchema);
  t.true(validate(JSON.parse(out)), JSON.stringify(validate.errors));
  await isGolden(t, "explain.json", out);
});

test("the policy may come from standard input", async (t) => {
  const cwd = await folderOf(t, {});
  const { code, out } = await runCommand(["explain", "-", "nginx"], { cwd, input: sampleFiles["policy.yaml"] });
  t.is(code, 0);
  t.regex(out, /pattern `latest` at standard input:16:16/);
});

test("of several policies one is chosen by its name", async (t) => {
  const other = sampleFiles["policy.yaml"].replace("name: sample", "name: other");
  const cwd = await folderOf(t, { "policy.yaml": `${sampleFiles["policy.yaml"]}---\n${other}` });
  const unclear = await runCommand(["explain", "policy.yaml", "nginx"], { cwd });
  t.is(unclear.code, 1);
  t.regex(unclear.err, /choose with `--name`: `sample`, `other`/);
  const chosen = await runCommand(["explain", "policy.yaml", "nginx", "--name", "other"], { cwd });
  t.regex(chosen.out, /^policy other/);
});

test("the bundled command says the same, and knows its version", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const { out, err } = await runCommand(["explain", "policy.yaml", ...images], { cwd, main: bundledMain });
  t.is(err, "");
  await isGolden(t, "explain.txt", out);
  const { out: version } = await runCommand(["--version"], { cwd, main: bundledMain });
  t.is(version, (await runCommand(["--version"], { cwd })).out);
});
