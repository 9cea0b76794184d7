import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { folderOf, runCommand } from "../testing/run-command.js";

test("the first policy passes its check", async (t) => {
  const cwd = await folderOf(t, {});
  t.is((await runCommand(["init", "policies"], { cwd })).code, 0);
  const { code, out } = await runCommand(["check", "policies"], { cwd });
  t.is(code, 0, out);
});

test("nothing is written over a file that is there", async (t) => {
  const cwd = await folderOf(t, {});
  await writeFile(join(cwd, "README.md"), "mine");
  const { code, err } = await runCommand(["init"], { cwd });
  t.is(code, 1);
  t.regex(err, /there is a `README\.md` already/);
  t.deepEqual(await readdir(cwd), ["README.md"]);
  t.is(await readFile(join(cwd, "README.md"), "utf8"), "mine");
});
