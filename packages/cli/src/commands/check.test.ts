import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import test from "ava";
import { checkSchema } from "../schemas/check-schema.js";
import { folderOf, isGolden, runCommand } from "../testing/run-command.js";
import { failingFixtures, sampleFiles } from "../testing/sample-files.js";

/** The version of an engine changes more often than a report. */
function withoutVersions(text: string): string {
  return text.replaceAll(/ v\d+\.\d+\.\d+/g, " vX").replaceAll(/"version": "[^"]*"/g, '"version": "X"');
}

test("a check in which all agree shows the matrix and ends well", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const { code, out, err } = await runCommand(["check"], { cwd });
  t.is(err, "");
  t.is(code, 0);
  await isGolden(t, "check-ok.txt", withoutVersions(out));
});

test("fixtures that fail are shown with their requests, and end with 3", async (t) => {
  const cwd = await folderOf(t, { ...sampleFiles, "fixtures.yaml": failingFixtures });
  const { code, out } = await runCommand(["check", "--engine", "opa,gatekeeper"], { cwd });
  t.is(code, 3);
  await isGolden(t, "check-failures.txt", withoutVersions(out));
});

test("to generate more requests and to generate none exclude each other", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const { code, out, err } = await runCommand(["check", "--thorough", "--fixtures-only"], { cwd });
  t.is(code, 1);
  t.is(out, "");
  t.is(err, "error: `--thorough` and `--fixtures-only` exclude each other\nhelp: leave one of the two out\n");
});

test("no line is wider than the terminal, however narrow", async (t) => {
  const cwd = await folderOf(t, { ...sampleFiles, "fixtures.yaml": failingFixtures });
  for (const columns of [100, 80, 60, 40]) {
    const { out } = await runCommand(["check"], { cwd, environment: { COLUMNS: String(columns) } });
    const matrix = out.slice(0, out.indexOf("request:"));
    const widest = Math.max(...matrix.split("\n").map((line) => line.length));
    t.true(widest <= columns, `${widest} of ${columns}`);
  }
});

test("colour is only for terminals, unless it is asked for", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const words = ["check", "--engine", "opa"];
  t.false((await runCommand(words, { cwd })).out.includes("\u001b["));
  t.true((await runCommand(words, { cwd, environment: { FORCE_COLOR: "1" } })).out.includes("\u001b["));
  const both = await runCommand(words, { cwd, environment: { FORCE_COLOR: "1", NO_COLOR: "1" } });
  t.false(both.out.includes("\u001b["));
});

test("the JSON is as its schema says, and nothing else is on standard output", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const { code, out } = await runCommand(["check", "--output", "json"], { cwd });
  t.is(code, 0);
  const report = JSON.parse(out);
  const validate = new Ajv({ allowUnionTypes: true }).compile(checkSchema);
  t.true(validate(report), JSON.stringify(validate.errors));
  t.deepEqual(report.summary, { cases: 3, disagreements: 0, failures: 0 });
  const { engines: _, ...rest } = report;
  for (const { verdicts } of rest.policies[0].cases) {
    for (const name of Object.keys(verdicts)) if (!["reference", "opa"].includes(name)) delete verdicts[name];
  }
  await isGolden(t, "check.json", withoutVersions(`${JSON.stringify(rest, null, 2)}\n`));
});

test("an invalid policy ends with 2 and is shown with its place", async (t) => {
  const policy = sampleFiles["policy.yaml"].replace("allow:", "alow:");
  const cwd = await folderOf(t, { ...sampleFiles, "policy.yaml": policy });
  const { code, out, err } = await runCommand(["check"], { cwd });
  t.is(code, 2);
  t.is(out, "");
  t.regex(err, /error\[unknown-field\].*\n +--> policy\.yaml:10:5/);
});

test("a fixture that names nothing ends with 3", async (t) => {
  const fixtures = "apiVersion: registry-policy.dev/v1\nkind: Fixtures\ncases: [{name: a, expect: deny}]\n";
  const cwd = await folderOf(t, { ...sampleFiles, "fixtures.yaml": fixtures });
  const { code, err } = await runCommand(["check"], { cwd });
  t.is(code, 3);
  t.regex(err, /fixture-without-request/);
});

test("an empty directory, a policy without fixtures and an unknown engine end with 1 and say what to do", async (t) => {
  const empty = await folderOf(t, {});
  t.like(await runCommand(["check"], { cwd: empty }), { code: 1, out: "" });
  const cwd = await folderOf(t, { "policy.yaml": sampleFiles["policy.yaml"] });
  const { code, err } = await runCommand(["check"], { cwd });
  t.is(code, 1);
  t.regex(err, /there are no fixtures in `\.`.*\nhelp: write/);
  t.regex(
    (await runCommand(["check", "--engine", "opaa"], { cwd })).err,
    /there is no engine `opaa`\nhelp: choose among/,
  );
});

test("a host that is missing is told with each way to get one", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const environment = { REGISTRY_POLICY_HOST: "/does/not/exist" };
  const { code, out, err } = await runCommand(["check"], { cwd, environment });
  t.is(code, 1);
  t.is(out, "");
  t.regex(err, /^error: there is no engine host at `\/does\/not\/exist`.*\nhelp: /);
});

test("an engine that needs no host is asked without one", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const environment = { REGISTRY_POLICY_HOST: "/does/not/exist" };
  t.is((await runCommand(["check", "--engine", "opa"], { cwd, environment })).code, 0);
});

test("the schema that is documented is the one that is printed", async (t) => {
  for (const name of ["policy", "fixtures", "check", "explain", "judge"]) {
    const { out } = await runCommand(["schema", name], { cwd: "." });
    await isGolden(t, `../../../docs/schemas/${name}.schema.json`, out);
    t.is(
      JSON.parse(await readFile(new URL(`../../../../docs/schemas/${name}.schema.json`, import.meta.url), "utf8"))
        .$schema,
      "http://json-schema.org/draft-07/schema#",
    );
  }
});
