import test from "ava";
import { folderOf, runCommand } from "../testing/run-command.js";
import { sampleFiles } from "../testing/sample-files.js";

test("the fixtures that are an image are compared with what a node reads, without any engine", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const { code, out, err } = await runCommand(["check", ".", "--engine", "containers-policy"], { cwd });
  t.is(code, 0, out + err);
  t.regex(out, /^✓ containers-policy, policy sample: [1-9][0-9]* images agree, 0 do not/m);
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
