import { spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { text } from "node:stream/consumers";
import test from "ava";
import { shortened } from "./log.js";

test("a text is as long as it may be in bytes of JSON, and cut between two characters", (t) => {
  t.is(shortened("x".repeat(512)), "x".repeat(512));
  t.is(shortened("x".repeat(513)), `${"x".repeat(512)}…`);
  t.is(shortened('a"\\b', 6), 'a"\\b');
  t.is(shortened('a"\\b', 5), 'a"\\…');
  t.is(shortened("\u0000\u0001", 12), "\u0000\u0001");
  t.is(shortened("\u0000\u0001", 11), "\u0000…");
  t.is(shortened("ää", 3), "ä…");
  t.is(shortened("😀😀", 7), "😀…");
  t.is(shortened("\ud800x", 6), "\ud800…");
  t.is(shortened(""), "");
});

test("a log that cannot be written is said once, and ends nothing", async (t) => {
  const log = new URL("log.js", import.meta.url);
  const logging = `const { openLog } = await import(${JSON.stringify(log)});
    const log = openLog();
    for (let line = 0; line < 20_000; line++) log.info({ why: "x".repeat(100) }, "refused");`;
  // What is opened to be read cannot be written to.
  const readOnly = await open(log);
  t.teardown(() => readOnly.close());
  const stdio = ["ignore", readOnly.fd, "pipe"] as const;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", logging], { stdio: [...stdio] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const said = await text(child.stderr as NonNullable<typeof child.stderr>);
  t.is(await ended, 0);
  t.is(said.match(/the log cannot be written: EBADF/g)?.length, 1, said);
});
