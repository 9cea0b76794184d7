import test from "ava";
import { readingOnce } from "./reading-once.js";

test("a text that comes again is read once, also where others came between", (t) => {
  const read: string[] = [];
  const reading = readingOnce((text) => {
    read.push(text);
    return { text };
  });
  for (const other of ["a", "b", "c"]) {
    t.is(reading("same"), reading("same"));
    t.deepEqual(reading(other), { text: other });
  }
  t.deepEqual(read, ["same", "a", "b", "c"]);
});

test("of many texts the last ones are kept", (t) => {
  let count = 0;
  const reading = readingOnce((text) => {
    count += 1;
    return [text];
  });
  for (let index = 0; index < 100; index += 1) reading(String(index));
  t.deepEqual(reading("99"), ["99"]);
  t.is(count, 100);
  t.deepEqual(reading("0"), ["0"]);
  t.is(count, 101);
});

test("a text that cannot be read fails each time", (t) => {
  const reading = readingOnce((text): object => {
    throw new Error(`it is no text: ${text}`);
  });
  for (let turn = 0; turn < 2; turn += 1) t.throws(() => reading("a"), { message: "it is no text: a" });
});
