import { spawnSync } from "node:child_process";
import test from "ava";
import { flag } from "./optimise-later.js";

test("the flag is one that V8 has: it says nothing of one that it does not know", (t) => {
  const { stdout } = spawnSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
  const [name = ""] = flag.split("=");
  t.regex(stdout, new RegExp(`^ *${name} `, "m"));
});
