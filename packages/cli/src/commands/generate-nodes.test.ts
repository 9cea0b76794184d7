import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { folderOf, runCommand } from "../testing/run-command.js";

const policy = (images: string) => `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: {name: p}
spec:
  images: {${images}}
`;
const lossy = policy('allow: [registry.my.com, "*.example.com"]');

test("what a node reads is written where it is asked for by name, and what it loses is told", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": lossy });
  const targets = ["--target", "containers-policy", "--target", "openshift-image-config"];
  const { code, err } = await runCommand(["generate", "policy.yaml", "-o", "out", ...targets], { cwd });
  t.is(code, 0, err);
  t.deepEqual((await readdir(join(cwd, "out"))).sort(), ["containers-policy", "openshift-image-config"]);
  const { transports } = JSON.parse(await readFile(join(cwd, "out/containers-policy/p/policy.json"), "utf8"));
  t.deepEqual(transports, { docker: { "registry.my.com": [{ type: "insecureAcceptAnything" }] } });
  for (const target of ["containers-policy", "openshift-image-config"]) {
    const lost = `\`${target}\` refuses \`a.example.com/a\`, which the policy allows by \`*.example.com\``;
    t.true(err.includes(`warning[image-refused]: ${lost}\n --> policy.yaml:5:37\n`), err);
  }
  t.true((await readdir(join(cwd, "out/openshift-image-config"))).includes("p.image.yaml"));
});

test("with --strict a loss is an error, and nothing is written", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": lossy });
  const words = ["generate", "policy.yaml", "-o", "out", "--strict"];
  const { code, err } = await runCommand([...words, "--target", "containers-policy"], { cwd });
  t.is(code, 2);
  t.regex(err, /^error\[image-refused\]: /m);
  t.deepEqual(await readdir(cwd), ["policy.yaml"]);
  t.is((await runCommand([...words, "--target", "gatekeeper"], { cwd })).code, 0);
});

test("with --strict a policy of which nothing but a spelling is lost is written", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": policy("allow: [registry.my.com]") });
  const words = ["generate", "policy.yaml", "-o", "out", "--strict", "--target", "containers-policy"];
  const { code, err } = await runCommand(words, { cwd });
  t.is(code, 0, err);
  t.regex(err, /^warning\[spelling-refused\]: /m);
});

test("with --strict what a node cannot know of a request is an error, too", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": lossy.replace("spec:", "spec:\n  enforcement: warn") });
  const words = ["generate", "policy.yaml", "-o", "out", "--target", "containers-policy"];
  const { err } = await runCommand(words, { cwd });
  t.regex(err, /^warning\[not-said\]: `containers-policy` cannot say `enforcement: warn`/m);
  t.regex((await runCommand([...words, "--strict"], { cwd })).err, /^error\[not-said\]: /m);
});

test("a policy of which a node can be told nothing is refused", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": policy('allow: ["*.example.com"]') });
  const words = ["generate", "policy.yaml", "-o", "out", "--target", "containers-policy"];
  const { code, err } = await runCommand(words, { cwd });
  t.is(code, 2);
  t.regex(err, /^error\[nothing-said\]: `containers-policy` can say nothing of what the policy allows/m);
});

test("what is left over or stale for a node is said", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": lossy });
  const words = ["generate", "policy.yaml", "-o", "out", "--target", "containers-policy"];
  await runCommand(words, { cwd });
  t.is((await runCommand([...words, "--check"], { cwd })).code, 0);
  await writeFile(join(cwd, "out/containers-policy/p/registries.conf.d/old.conf"), "");
  const { code, out } = await runCommand([...words, "--check"], { cwd });
  t.is(code, 3);
  t.regex(out, /^left over: out\/containers-policy\/p\/registries\.conf\.d\/old\.conf$/m);
});
