import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { folderOf, isGolden, runCommand } from "../testing/run-command.js";
import { sampleFiles } from "../testing/sample-files.js";

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test("each target has a folder, and a second run changes nothing", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const first = await runCommand(["generate", "policy.yaml", "-o", "out"], { cwd });
  t.is(first.code, 0, first.err);
  const targets = await readdir(join(cwd, "out"));
  for (const target of ["gatekeeper", "kyverno-cluster-policy", "opa"]) t.true(targets.includes(target));
  const files = await filesBelow(join(cwd, "out"));
  t.is(first.out.trim().split("\n").length, files.length);
  const before = await Promise.all(files.map((file) => stat(file)));

  const second = await runCommand(["generate", "policy.yaml", "-o", "out"], { cwd });
  t.is(second.out, "");
  const after = await Promise.all(files.map((file) => stat(file)));
  t.deepEqual(
    after.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
    before.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
  );
});

test("nothing is written beside a policy that was cut", async (t) => {
  const cwd = await folderOf(t, { ...sampleFiles, "other.yaml": "# team b\napiVersion: registry" });
  const { code, out, err } = await runCommand(["generate", ".", "-o", "out"], { cwd });
  t.is(code, 2);
  t.is(out, "");
  t.regex(err, /^error\[empty-file\]: .*\n --> other\.yaml:1:1\n[\s\S]*\nhelp: restore it/);
});

test("what is behind a link is compared and written as well", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  await runCommand(["generate", "policy.yaml", "-o", "out"], { cwd });
  await rename(join(cwd, "out/opa/sample"), join(cwd, "elsewhere"));
  await symlink(join(cwd, "elsewhere"), join(cwd, "out/opa/sample"));
  const unchanged = await runCommand(["generate", "policy.yaml", "-o", "out"], { cwd });
  t.is(unchanged.out, "");
  await writeFile(join(cwd, "elsewhere/data.json"), "{}");
  const { out } = await runCommand(["generate", "policy.yaml", "-o", "out"], { cwd });
  t.is(out, "out/opa/sample/data.json\n");
  t.not(await readFile(join(cwd, "elsewhere/data.json"), "utf8"), "{}");
});

test("what is stale, missing or left over is said, and ends with 3", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const words = ["generate", ".", "-o", "out", "--target", "opa"];
  await runCommand(words, { cwd });
  t.like(await runCommand([...words, "--check"], { cwd }), { code: 0, err: "" });

  const data = join(cwd, "out/opa/sample/data.json");
  await writeFile(data, (await readFile(data, "utf8")).replaceAll("registry.my.com", "registry.mi.com"));
  await rm(join(cwd, "out/opa/sample/policy.rego"));
  await writeFile(join(cwd, "out/opa/old.yaml"), "");
  const { code, out } = await runCommand([...words, "--check"], { cwd });
  t.is(code, 3);
  t.regex(out, /^missing: out\/opa\/sample\/policy\.rego$/m);
  t.regex(out, /^left over: out\/opa\/old\.yaml$/m);
  t.regex(out, /^stale: out\/opa\/sample\/data\.json$/m);
  t.regex(out, /^ {4}-.*registry\.mi\.com/m);
  t.regex(out, /^ {4}\+.*registry\.my\.com/m);
});

test("the YAML of one target is printed where there is no directory", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const input = sampleFiles["policy.yaml"];
  const { code, out } = await runCommand(["generate", "-", "--target", "kyverno-cluster-policy"], { cwd, input });
  t.is(code, 0);
  t.regex(out, /^---\n# Source: kyverno-cluster-policy\/sample\.cluster-policy\.yaml\napiVersion: kyverno\.io\/v1\n/);
  t.is((await runCommand(["generate", "policy.yaml", "--target", "opa"], { cwd })).code, 1);
  t.is((await runCommand(["generate", "policy.yaml"], { cwd })).code, 1);
});

test("the target for Gatekeeper is written in the engine that is chosen", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const generate = (...words: string[]) => runCommand(["generate", "policy.yaml", ...words], { cwd });
  const cel = await generate("--target", "gatekeeper", "--engine", "cel");
  t.is(cel.code, 0, cel.err);
  t.deepEqual(cel, await generate("--target", "gatekeeper-cel"));
  t.regex(cel.out, /engine: K8sNativeValidation/);
  t.deepEqual(await generate("--target", "gatekeeper", "--engine", "rego"), await generate("--target", "gatekeeper"));
  await generate("--target", "opa,gatekeeper", "--engine", "cel", "-o", "out");
  t.deepEqual((await readdir(join(cwd, "out"))).sort(), ["gatekeeper-cel", "opa"]);
});

test("an engine is chosen for Gatekeeper alone", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const generate = (...words: string[]) => runCommand(["generate", "policy.yaml", "-o", "out", ...words], { cwd });
  const without = await generate("--engine", "cel");
  t.is(without.code, 1);
  t.is(
    without.err,
    "error: `--engine cel` is about the target `gatekeeper` alone, which is not named\n" +
      "help: write `--target gatekeeper --engine cel`, or leave `--engine` out\n",
  );
  t.regex((await generate("--engine", "rego", "--target", "gatekeeper-cel")).err, /which is not named$/m);
  t.regex((await generate("--engine", "wasm", "--target", "gatekeeper")).err, /`--engine` cannot be "wasm"/);
  t.regex((await generate("--engine", "cel", "--engine", "rego")).err, /`--engine` is given more than once/);
  t.deepEqual((await readdir(cwd)).includes("out"), false);
});

test("where one file cannot be written, none is", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  await mkdir(join(cwd, "out/opa"), { recursive: true });
  // A file in the place of the policy's folder: the other targets come first.
  await writeFile(join(cwd, "out/opa/sample"), "mine");
  const { code, err } = await runCommand(["generate", "policy.yaml", "-o", "out"], { cwd });
  t.is(code, 1);
  t.regex(err, /cannot be written: a file is in the place of its directory\nhelp: /);
  t.deepEqual(await filesBelow(join(cwd, "out")), [join(cwd, "out/opa/sample")]);
  t.deepEqual(await readdir(join(cwd, "out")), ["opa"]);
});

test("the fixtures are written too, as tests for the engines' own commands", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const words = ["generate", ".", "-o", "out"];
  const { code, err } = await runCommand([...words, "--tests"], { cwd });
  t.is(code, 0, err);
  for (const file of [
    "kyverno-cluster-policy/tests/sample/kyverno-test.yaml",
    "kyverno-validating-policy/tests/sample/kyverno-test.yaml",
    "gatekeeper/tests/sample/suite.yaml",
    "gatekeeper-cel/tests/sample/suite.yaml",
    "opa/tests/sample/sample_test.rego",
  ]) {
    t.regex(await readFile(join(cwd, "out", file), "utf8"), /our own registry|our-own-registry/);
  }
  t.like(await runCommand([...words, "--tests", "--check"], { cwd }), { code: 0, err: "" });
  // Without the option they are none of its business.
  t.like(await runCommand([...words, "--check"], { cwd }), { code: 0, err: "" });

  const suite = join(cwd, "out/gatekeeper/tests/sample/suite.yaml");
  await writeFile(suite, (await readFile(suite, "utf8")).replace('"yes"', '"no"'));
  await writeFile(join(cwd, "out/gatekeeper/tests/sample/requests/old.yaml"), "");
  const stale = await runCommand([...words, "--tests", "--check"], { cwd });
  t.is(stale.code, 3);
  t.regex(stale.out, /^stale: out\/gatekeeper\/tests\/sample\/suite\.yaml$/m);
  t.regex(stale.out, /^left over: out\/gatekeeper\/tests\/sample\/requests\/old\.yaml$/m);
});

test("tests that nothing could be tested with are refused", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const run = (...words: string[]) => runCommand(["generate", ...words, "--tests"], { cwd });
  const alone = await run("policy.yaml", "-o", "out");
  t.is(alone.code, 1);
  t.regex(alone.err, /there are no fixtures in `policy\.yaml`: nothing would be tested/);
  t.is((await run("policy.yaml", "fixtures.yaml", "-o", "out")).code, 0);
  t.regex((await run(".", "-o", "out", "--target", "validating-admission-policy")).err, /no command of its own tests/);
  t.regex((await run("-", "-o", "out")).err, /there are no fixtures beside standard input/);
  t.regex((await run(".", "--target", "opa")).err, /there is no directory to write the tests to/);
});

test("an invalid policy writes nothing and ends with 2", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": sampleFiles["policy.yaml"].replace("docker.io/library", "library") });
  const { code } = await runCommand(["generate", "policy.yaml", "-o", "out"], { cwd });
  t.is(code, 2);
  t.deepEqual(await readdir(cwd), ["policy.yaml"]);
});

test("templates that cannot be used are told of", async (t) => {
  const cwd = await folderOf(t, { ...sampleFiles, "templates/opa/misspelt.rego": "" });
  const { code, err } = await runCommand(["generate", "policy.yaml", "-o", "out", "--templates", "templates"], { cwd });
  t.is(code, 1);
  t.regex(err, /the templates in `templates` cannot be used/);
});

test("every command has a page of help in 80 columns", async (t) => {
  for (const command of ["", "generate", "check", "explain", "judge", "init", "schema"]) {
    const words = [...(command === "" ? [] : [command]), "--help"];
    const { code, out } = await runCommand(words, { cwd: ".", environment: { COLUMNS: "80" } });
    t.is(code, 0);
    t.true(Math.max(...out.split("\n").map((line) => line.length)) <= 80, command);
    await isGolden(t, `help${command === "" ? "" : `-${command}`}.txt`, out);
  }
});

test("a command line that is not understood ends with 1 and says what was meant", async (t) => {
  const cwd = ".";
  t.like(await runCommand([], { cwd }), { code: 1, out: "" });
  t.regex((await runCommand(["chek"], { cwd })).err, /did you mean `check`\?/);
  t.regex((await runCommand(["check", "--engin", "opa"], { cwd })).err, /did you mean `--engine`\?/);
  t.regex((await runCommand(["explain", "x", "y", "--output", "xml"], { cwd })).err, /choose among "text", "json"/);
  t.regex((await runCommand(["generate", "x", "-o", "a", "-o", "b"], { cwd })).err, /`--out` is given more than once/);
});
