import { readFileSync } from "node:fs";
import test from "ava";
import { differentVersions } from "./different-versions.mjs";

const goMod = (requirements, rest = "") => `module m\n\ngo 1.26.6\n\nrequire (\n${requirements}\n)\n${rest}`;

test("a module at another version is named, one of its own is not", (t) => {
  const host = goMod("\texample.com/a v1.0.0\n\texample.com/b v2.0.0 // indirect");
  const ours = goMod("\texample.com/a v1.0.1\n\texample.com/b v2.0.0\n\texample.com/c v3.0.0");
  t.deepEqual(differentVersions(ours, host), ["example.com/a v1.0.1 where the host has v1.0.0"]);
});

test("a replacement that only one of the two has is a difference", (t) => {
  const host = goMod("\texample.com/a v1.0.0", "\nreplace example.com/a => example.com/fork v1.5.0\n");
  t.is(differentVersions(goMod("\texample.com/a v1.0.0"), host).length, 1);
  t.deepEqual(differentVersions(host, host), []);
});

test("the cluster's module has the engine host's versions", (t) => {
  const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
  t.deepEqual(differentVersions(read("../cluster/go.mod"), read("../../packages/engines/host/go.mod")), []);
});
