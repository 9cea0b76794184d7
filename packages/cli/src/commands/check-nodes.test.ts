import test from "ava";
import { folderOf, runCommand } from "../testing/run-command.js";
import { sampleFiles } from "../testing/sample-files.js";

test("the images of fixtures are compared with what a node reads, without any engine", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const { code, out, err } = await runCommand(["check", ".", "--engine", "containers-policy"], { cwd });
  t.is(code, 0, out + err);
  t.regex(out, /^✓ containers-policy, for nodes: agreed on [1-9][0-9]* of [1-9][0-9]* images/m);
});

test("nodes take part where no engine is named, and what they cannot say is no warning then", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const { code, out, err } = await runCommand(["check", "."], { cwd });
  t.is(code, 0, out + err);
  for (const target of ["containers-policy", "openshift-image-config"]) {
    t.regex(out, new RegExp(`^✓ ${target}, for nodes: agreed on [1-9][0-9]* of [1-9][0-9]* images`, "m"));
  }
  t.is(err, "");
  const asked = await runCommand(["check", ".", "--engine", "containers-policy"], { cwd });
  t.regex(asked.err, /^warning\[not-said\]: `containers-policy` cannot say namespaces/m);
  t.false((await runCommand(["check", ".", "--engine", "opa"], { cwd })).out.includes("for nodes"));
});

test("the JSON of a check has what nodes say where they were asked", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const asked = ["--engine", "openshift-image-config", "--engine", "opa"];
  const { code, out, err } = await runCommand(["check", ".", ...asked, "--output", "json"], { cwd });
  t.is(code, 0, out + err);
  const { nodes, engines } = JSON.parse(out);
  t.like(nodes[0], { policy: "sample", target: "openshift-image-config", disagreements: [] });
  t.true(nodes[0].agreed > 0);
  t.deepEqual(
    engines.map(({ name }: { name: string }) => name),
    ["reference", "opa"],
  );
});
