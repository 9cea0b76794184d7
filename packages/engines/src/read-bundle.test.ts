import { gzipSync } from "node:zlib";
import test from "ava";
import { createTar } from "nanotar";
import { readBundle } from "./read-bundle.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const wasm = { name: "policy.wasm", content: bytes("wasm") };
const data = { name: "data.json", content: bytes('{"a":1}') };

const bundle = (files: readonly { name: string; content: Uint8Array }[]) => ({
  name: "opa/bundle.tar.gz",
  content: gzipSync(createTar(files.map(({ name, content }) => ({ name, data: content })))),
});

test("a bundle holds the policy and its data, with or without a slash in front", (t) => {
  for (const slash of ["", "/"]) {
    const files = [wasm, data, { name: ".manifest", content: bytes("{}") }].map((file) => ({
      ...file,
      name: slash + file.name,
    }));
    t.deepEqual(readBundle([bundle(files)]), { wasm: bytes("wasm"), data: { a: 1 } });
  }
});

test("the bytes of a bundle are read once, and other bytes for themselves", (t) => {
  const [file, other] = [bundle([wasm, data]), bundle([wasm, data])];
  t.is(readBundle([file]), readBundle([{ ...file, name: "again.tar.gz" }]));
  t.not(readBundle([file]), readBundle([other]));
});

test("the same files may be given one by one, and bytes as base64", (t) => {
  const base64 = { name: "policy.wasm", content: Buffer.from("wasm").toString("base64") };
  t.deepEqual(readBundle([base64, data]), { wasm: bytes("wasm"), data: { a: 1 } });
  t.deepEqual(readBundle([wasm]), { wasm: bytes("wasm"), data: {} });
});

const wrong: [string, Parameters<typeof readBundle>[0], RegExp][] = [
  ["no file", [], /there is no policy\.wasm/],
  ["data alone", [data], /there is no policy\.wasm/],
  [
    "a file that it does not know",
    [wasm, { name: "extra/policy.rego", content: "" }],
    /^extra\/policy\.rego: a wasm policy has no such file/,
  ],
  ["two files of data", [wasm, data, { ...data, name: "more/data.json" }], /^more\/data\.json: a second data\.json/],
  ["data that is a list", [wasm, { ...data, content: bytes("[]") }], /must be an object/],
  ["data that is null", [wasm, { ...data, content: bytes("null") }], /must be an object/],
  ["data that is no JSON", [wasm, { ...data, content: bytes("{") }], /JSON/],
  ["data that is no UTF-8", [wasm, { ...data, content: new Uint8Array([0x22, 0xff, 0x22]) }], /not valid/],
  ["a bundle that is no archive", [{ name: "bundle.tar.gz", content: bytes("nope") }], /incorrect header/],
  ["an empty bundle", [{ name: "bundle.tar.gz", content: new Uint8Array() }], /./],
  ["a bundle without a policy", [bundle([data])], /there is no policy\.wasm/],
  [
    "a bundle that explodes",
    [{ name: "bundle.tar.gz", content: gzipSync(Buffer.alloc(300 * 1024 * 1024)) }],
    /larger than/,
  ],
];

for (const [name, files, message] of wrong) {
  test(`${name} is refused`, (t) => {
    t.throws(() => readBundle(files), { message });
  });
}
