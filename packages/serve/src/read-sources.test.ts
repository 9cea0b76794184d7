import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { bundleOf, policyText, trusted } from "./policies.test.data.js";
import { ServeError } from "./policy-source.js";
import { readSources, sourcesState } from "./read-sources.js";
import { folder } from "./serve-process.test.data.js";
import { openPolicies } from "./served-policies.js";

test("a policy is compiled to what its bundle holds", async (t) => {
  const directory = await folder(t);
  await writeFile(join(directory, "policy.yaml"), policyText(trusted));
  await writeFile(join(directory, "policy.tar.gz"), bundleOf(trusted));
  const [compiled] = (await readSources([join(directory, "policy.yaml")])).sources;
  const [bundled] = (await readSources([join(directory, "policy.tar.gz")])).sources;
  t.deepEqual({ ...compiled, origin: "" }, { ...bundled, origin: "" });
});

test("warnings about a policy are handed on", async (t) => {
  const directory = await folder(t);
  await writeFile(join(directory, "policy.yaml"), policyText("images: {}"));
  const { warnings, sources } = await readSources([directory]);
  t.is(sources.length, 1);
  t.true(warnings.length > 0);
});

const refused: Record<string, { files: Record<string, string | Uint8Array>; message: RegExp }> = {
  "an empty directory": { files: {}, message: /there is no policy in/ },
  "a broken policy beside a good one": {
    files: { "a.yaml": policyText(trusted), "b.yaml": policyText("images: {alow: []}", "b") },
    message: /there (is an|are \d+) errors? in the policies/,
  },
  "two policies of one name": {
    files: { "a.yaml": policyText(trusted), "b.yaml": policyText(trusted) },
    message: /in the policies/,
  },
  "a bundle that is no archive": { files: { "bundle.tar.gz": "bundle" }, message: /cannot be served/ },
};

for (const [name, { files, message }] of Object.entries(refused)) {
  test(`${name} is refused as a whole`, async (t) => {
    const directory = await folder(t);
    for (const [file, content] of Object.entries(files)) await writeFile(join(directory, file), content);
    await t.throwsAsync(readSources([directory]), { instanceOf: ServeError, message });
  });
}

test("a file that was emptied or written over takes no policy back, one that was removed does", async (t) => {
  const directory = await folder(t);
  const place = (file: string) => join(directory, file);
  await writeFile(place("a.yaml"), policyText(trusted, "a"));
  await writeFile(place("b.yaml"), policyText(trusted, "b"));
  await writeFile(place("values.yaml"), "replicas: 2\n");
  const { sources } = await readSources([directory]);
  const message = `there is no policy left in \`${place("b.yaml")}\``;
  await writeFile(place("b.yaml"), "kind: ConfigMap\napiVersion: v1\n");
  await t.throwsAsync(readSources([directory], sources), { instanceOf: ServeError, message });
  for (const left of ["", "# b\n", "\0\0\0", "apiVersion: registry-pol"]) {
    await writeFile(place("b.yaml"), left);
    await t.throwsAsync(
      readSources([directory], sources),
      { instanceOf: ServeError, message: /empty-file.*b\.yaml/s },
      left,
    );
    await t.throwsAsync(readSources([directory]), { instanceOf: ServeError, message: /empty-file.*b\.yaml/s }, left);
  }
  await rm(place("b.yaml"));
  const names = (await readSources([directory], sources)).sources.map(({ name }) => name);
  t.deepEqual(names, ["a"]);
});

test("a policy and a bundle of one name are refused", async (t) => {
  const directory = await folder(t);
  await writeFile(join(directory, "policy.yaml"), policyText(trusted));
  await writeFile(join(directory, "policy.tar.gz"), bundleOf(trusted));
  const { sources } = await readSources([directory]);
  t.throws(() => openPolicies(sources), { instanceOf: ServeError, message: /two policies `trusted`/ });
});

test("data of another version, and wasm that is none, are refused", async (t) => {
  const directory = await folder(t);
  await writeFile(join(directory, "policy.tar.gz"), bundleOf(trusted));
  const [source] = (await readSources([directory])).sources;
  if (source === undefined) throw new Error("it was not read");
  const data = JSON.parse(JSON.stringify(source.data));
  data.registry_policy.policies.trusted.dataVersion = 2;
  t.throws(() => openPolicies([{ ...source, data }]), { instanceOf: ServeError, message: /another version/ });
  t.throws(() => openPolicies([{ ...source, data: {} }]), { instanceOf: ServeError, message: /holds 0 policies/ });
  t.throws(() => openPolicies([{ ...source, wasm: new Uint8Array([0, 1]) }]), { instanceOf: ServeError });
});

test("the state of sources changes with what is read, and not with the rest", async (t) => {
  const directory = await folder(t);
  const states: string[] = [];
  const look = async () => states.push(await sourcesState([directory, join(directory, "missing.yaml")]));
  await look();
  await writeFile(join(directory, "notes.txt"), "x");
  await mkdir(join(directory, "sub"));
  await look();
  await writeFile(join(directory, "a.yaml"), "x");
  await look();
  await writeFile(join(directory, "a.yaml"), "xy");
  await look();
  await writeFile(join(directory, "missing.yaml"), "");
  await look();
  t.is(states[0], states[1]);
  t.is(new Set(states).size, 4);
});
