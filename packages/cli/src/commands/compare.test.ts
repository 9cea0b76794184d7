import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import test from "ava";
import { compareSchema } from "../schemas/compare-schema.js";
import { folderOf, isGolden, runCommand } from "../testing/run-command.js";

const examples = fileURLToPath(new URL("../../../../examples-compare", import.meta.url));

const policy = `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata:
  name: ours
spec:
  images:
    allow:
      - registry.my.com
`;

test.serial("what differs is shown to a person, with a manifest and both verdicts", async (t) => {
  const { code, out, err } = await runCommand(["compare", "left.rego", "right.rego"], {
    cwd: `${examples}/dots-unescaped`,
  });
  t.is(code, 4, err);
  // The engine's version is that of the host.
  await isGolden(t, "compare.txt", out.replaceAll(/v[0-9]+\.[0-9]+\.[0-9]+/g, "VERSION"));
});

test.serial("what differs is told to a program, as the schema says", async (t) => {
  const words = ["compare", "left.yaml", "right.rego", "--output", "json"];
  const { code, out, err } = await runCommand(words, { cwd: `${examples}/contains-first-container` });
  t.is(code, 4, err);
  const validate = new Ajv({ allowUnionTypes: true }).compile(compareSchema);
  const report = JSON.parse(out);
  t.true(validate(report), JSON.stringify(validate.errors));
  t.true(report.differences.length > 0);
});

test("two of our policies are compared without an engine", async (t) => {
  const wide = policy.replace("- registry.my.com", "- registry.my.com\n      - ghcr.io/acme/**");
  const cwd = await folderOf(t, { "a.yaml": policy, "b.yaml": wide, "c/c.yaml": `# a copy\n${policy}` });
  const environment = { REGISTRY_POLICY_HOST: "/does/not/exist" };
  const compare = async (...words: string[]) => runCommand(["compare", ...words], { cwd, environment });
  const same = await compare("a.yaml", "c");
  t.is(same.code, 0);
  t.regex(same.out, /^no difference was found: [0-9]+ requests/m);
  t.regex(same.out.replaceAll("\n", " "), /beyond this test it was proved/);
  t.true(JSON.parse((await compare("a.yaml", "c", "--output", "json")).out).isProof);
  const { code, out } = await compare("a.yaml", "b.yaml");
  t.is(code, 4);
  t.regex(out, /^1\. \+ RIGHT allows what is below `ghcr\.io\/acme`, LEFT does not$/m);
  t.regex(out, /^1 difference, one for each cause/m);
  const refused = await compare("a.yaml", "b.yaml", "--direction", "refused");
  t.is(refused.code, 0);
  t.regex(refused.out, /^nothing was found to be allowed by LEFT alone: /m);
});

test.serial("a policy of ours is judged by the engine that is named", async (t) => {
  const rest = "  match: { namespaces: [shop] }\n  exempt: { users: [flux] }\n";
  const cwd = await folderOf(t, { "a.yaml": policy + rest, "b.yaml": policy + rest });
  for (const engine of ["kyverno-cluster-policy", "gatekeeper-cel"]) {
    const { code, out, err } = await runCommand(["compare", "a.yaml", "b.yaml", "--right-engine", engine], { cwd });
    t.is(code, 0, out + err);
    t.regex(out, new RegExp(`^RIGHT +RegistryPolicy for .*, judged by\\s+${engine} v`, "m"));
    t.regex(out.replaceAll("\n", " "), /this is a test and not a proof/);
  }
  const foreign = await runCommand(["compare", "left.rego", "right.rego", "--left-engine", "gatekeeper"], {
    cwd: `${examples}/dots-unescaped`,
  });
  t.is(foreign.code, 1);
  t.is(
    foreign.err,
    "error: `--left-engine` is about a RegistryPolicy alone, and that side is `Rego`\n" +
      "help: leave `--left-engine` out: it is judged by its own engine\n",
  );
});

test.serial("an update is shown with the object before it", async (t) => {
  const rule = (allowsViolations: boolean) => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: ours }
spec:
  rules:
    - name: ours
      match: { any: [{ resources: { kinds: [Pod], operations: [CREATE, UPDATE] } }] }
      validate:
        failureAction: Enforce
        allowExistingViolations: ${allowsViolations}
        message: foreign
        pattern: { spec: { containers: [{ image: "registry.my.com/*" }] } }
`;
  const cwd = await folderOf(t, { "a.yaml": rule(false), "b.yaml": rule(true) });
  const { code, out, err } = await runCommand(["compare", "a.yaml", "b.yaml"], { cwd });
  t.is(code, 4, err);
  await isGolden(t, "compare-update.txt", out.replaceAll(/v[0-9]+\.[0-9]+\.[0-9]+/g, "VERSION"));
});

test.serial("Rego is asked for the rule that is named", async (t) => {
  const rego = (rule: string) => `package mine

default allow := false

allow if {
	every container in input.request.object.spec.containers {
		startswith(container.image, "${rule}")
	}
}
`;
  const cwd = await folderOf(t, { "a.rego": rego("registry.my.com/"), "b/b.rego": rego("registry.my.com") });
  const { code, out, err } = await runCommand(["compare", "a.rego", "b", "--entrypoint", "mine/allow"], { cwd });
  t.is(code, 4, err);
  t.regex(out, /RIGHT matches a prefix: no "\/" after "registry\.my\.com"/);
  const missing = await runCommand(["compare", "a.rego", "b"], { cwd });
  t.is(missing.code, 1);
  t.regex(missing.err, /LEFT cannot be compared: .*no file has the rule `kubernetes\/admission\/deny`/);
});

test.serial("each side may be asked for a rule of its own, and only Rego is asked for one", async (t) => {
  const rego = (name: string) => `package ${name}\n\ndeny contains "no" if input.request.kind.kind == "Pod"\n`;
  const cwd = await folderOf(t, { "a.rego": rego("mine"), "b.rego": rego("theirs"), "c.yaml": policy });
  const compare = async (...words: string[]) => runCommand(["compare", ...words], { cwd });
  const words = ["--left-entrypoint", "mine/deny", "--right-entrypoint", "theirs/deny"];
  const { code, err } = await compare("a.rego", "b.rego", ...words);
  t.is(code, 0, err);
  const unused = await compare("c.yaml", "b.rego", "--left-entrypoint", "mine/deny");
  t.is(unused.code, 1);
  t.is(
    unused.err,
    "error: `--left-entrypoint` is about Rego alone, and what is compared is `RegistryPolicy`\n" +
      "help: leave `--left-entrypoint` out\n",
  );
  const neither = await compare("c.yaml", "c.yaml", "--entrypoint", "mine/deny");
  t.regex(neither.err, /what is compared is `RegistryPolicy` and `RegistryPolicy`/);
});

test.serial("nothing in an engine's words acts on a terminal", async (t) => {
  const cwd = await folderOf(t, { "a.rego": "package mine\n\u001b[31mred\n", "b.yaml": policy });
  const { code, err } = await runCommand(["compare", "a.rego", "b.yaml"], { cwd });
  t.is(code, 1);
  t.regex(err, /\\u\{1b\}\[31mred/);
  t.false(err.includes("\u001b"));
});

test("what is no policy is not compared", async (t) => {
  const cwd = await folderOf(t, {
    "a.yaml": policy,
    "b.yaml": "kind: Pod\n",
    "c.yaml": policy.replace("allow", "alow"),
    "side/a.yaml": policy,
    "side/lost.yaml": "",
  });
  const compare = async (...words: string[]) => runCommand(["compare", ...words], { cwd });
  const none = await compare("a.yaml", "b.yaml");
  t.is(none.code, 1);
  t.regex(none.err, /^error: there is no policy in `b\.yaml`\nhelp: /);
  t.is((await compare("a.yaml", "missing.yaml")).code, 1);
  t.regex((await compare("a.yaml", "side")).err, /^error: nothing is left of `side\/lost\.yaml`\nhelp: /);
  t.regex((await compare("a.yaml", "c.yaml")).err, /^error: c\.yaml:7/);
});

test("the schema that is documented is the one that is printed", async (t) => {
  const { out } = await runCommand(["schema", "compare"], { cwd: "." });
  await isGolden(t, "../../../docs/schemas/compare.schema.json", out);
});

test("the options are as they are documented", async (t) => {
  const { out } = await runCommand(["compare", "--help"], { cwd: "." });
  await isGolden(t, "help-compare.txt", out);
});
