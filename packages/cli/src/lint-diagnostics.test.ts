import test from "ava";
import { folderOf, runCommand } from "./testing/run-command.js";
import { sampleFiles } from "./testing/sample-files.js";

const covered = sampleFiles["policy.yaml"].replace(
  "- registry.my.com\n",
  '- registry.my.com\n      - pattern: "registry.my.com/x" # more\n',
);

test("a pattern that does nothing is shown with its place and an image", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": covered });
  const { code, err } = await runCommand(["explain", "policy.yaml", "nginx"], { cwd });
  t.is(code, 0);
  t.is(
    err,
    `warning[covered-pattern]: \`registry.my.com/x\` adds nothing to the list: \`registry.my.com\` matches \`registry.my.com/x\` and all else that it matches
  --> policy.yaml:12:18
   |
12 |       - pattern: "registry.my.com/x" # more
   |                  ^^^^^^^^^^^^^^^^^^^
help: remove it, or make \`registry.my.com\` at line 11 narrower

1 warning
`,
  );
});

test("a policy from standard input is warned about with its line too", async (t) => {
  const cwd = await folderOf(t, {});
  const { code, err } = await runCommand(["explain", "-", "nginx"], { cwd, input: covered });
  t.is(code, 0);
  t.regex(
    err,
    /^warning\[covered-pattern\].*\n *--> standard input:12:18\n *\|\n12 \| +- pattern: "registry\.my\.com\/x"/,
  );
});

test("a warning changes no exit code of a check", async (t) => {
  const cwd = await folderOf(t, { ...sampleFiles, "policy.yaml": covered });
  const { code, err } = await runCommand(["check", "--engine", "opa"], { cwd });
  t.is(code, 0);
  t.regex(err, /warning\[covered-pattern\]/);
});
