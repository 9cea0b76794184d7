import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { assignFixtures } from "./assign-fixtures.js";
import { discover } from "./discover.js";
import { InputError } from "./input-error.js";

/** Writes files into a folder of their own. */
async function folder(t: ExecutionContext, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "registry-policy-"));
  t.teardown(() => rm(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

const policy = (name: string) =>
  `apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: {name: ${name}}\nspec: {images: {allow: [ghcr.io]}}\n`;
const fixtures = (name: string, head = "") =>
  `apiVersion: registry-policy.dev/v1\nkind: Fixtures\n${head}cases: [{name: ${name}, image: nginx, expect: deny}]\n`;
const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: nginx}]}\n";

/** Each policy with the names of its cases, and each code of a diagnostic. */
async function found(paths: readonly string[]) {
  const discovery = await discover(paths);
  const { assigned, diagnostics } = assignFixtures(discovery);
  const all = [...discovery.policyDiagnostics, ...discovery.fixtureDiagnostics, ...diagnostics];
  return {
    policies: Object.fromEntries(assigned.map((one) => [one.found.policy.name, one.cases.map(({ name }) => name)])),
    codes: all.map(({ code }) => code),
  };
}

test("a directory is read recursively, and what is not ours is left alone", async (t) => {
  const root = await folder(t, {
    "policy.yaml": policy("p"),
    "deep/er/fixtures.yml": fixtures("a"),
    "service.yaml": "kind: Service\n",
    "broken.yaml": "{{ .Values }}\n: [",
    "image.png": Buffer.from([0xff, 0xd8]),
    ".git/policy.yaml": policy("hidden"),
    "node_modules/x/policy.yaml": policy("foreign"),
  });
  t.deepEqual(await found([root]), { policies: { p: ["a"] }, codes: [] });
});

test("plain manifests in folders named allow and deny are fixtures", async (t) => {
  const list = `apiVersion: v1\nkind: List\nitems: [${JSON.stringify({ apiVersion: "v1", kind: "Pod" })}]\n`;
  const root = await folder(t, {
    "policy.yaml": policy("p"),
    "allow/web.yaml": `${pod}---\n${pod}`,
    "deny/old/web.yaml": pod,
    "deny/list.yaml": list,
    "deny/kustomization.yaml": "kind: Kustomization\n",
  });
  const discovery = await discover([root]);
  const [assigned] = assignFixtures(discovery).assigned;
  t.deepEqual(
    assigned?.cases.map(({ name, expect }) => `${name}: ${expect.verdict}`),
    [
      "allow/web.yaml 1 (Pod web): allow",
      "allow/web.yaml 2 (Pod web): allow",
      "deny/list.yaml: deny",
      "deny/old/web.yaml: deny",
    ],
  );
});

test("a manifest without a kind in such a folder is an error", async (t) => {
  const root = await folder(t, { "policy.yaml": policy("p"), "deny/values.yaml": "replicas: 1\n" });
  t.deepEqual((await found([root])).codes, ["fixture-without-request"]);
});

test("fixtures are for the policy of the nearest folder", async (t) => {
  const root = await folder(t, {
    "one/policy.yaml": policy("one"),
    "one/tests/fixtures.yaml": fixtures("a"),
    "two/policy.yaml": policy("two"),
    "two/fixtures.yaml": fixtures("b"),
  });
  t.deepEqual((await found([root])).policies, { one: ["a"], two: ["b"] });
});

test("fixtures beside several policies must name theirs", async (t) => {
  const files = { "one.yaml": policy("one"), "two.yaml": policy("two") };
  const named = await folder(t, { ...files, "fixtures.yaml": fixtures("a", "policy: two\n") });
  t.deepEqual(await found([named]), { policies: { one: [], two: ["a"] }, codes: ["policy-without-fixtures"] });
  const unnamed = await folder(t, { ...files, "fixtures.yaml": fixtures("a") });
  t.true((await found([unnamed])).codes.includes("ambiguous-policy"));
  const misspelt = await folder(t, { ...files, "fixtures.yaml": fixtures("a", "policy: tow\n") });
  t.true((await found([misspelt])).codes.includes("unknown-policy"));
});

test("a policy and its fixtures may share a file", async (t) => {
  const root = await folder(t, { "all.yaml": `${policy("p")}---\n${fixtures("a")}` });
  t.deepEqual(await found([join(root, "all.yaml")]), { policies: { p: ["a"] }, codes: [] });
});

test("a file that is named by itself must be ours", async (t) => {
  const root = await folder(t, { "service.yaml": "apiVersion: v1\nkind: Service\n", "empty.yaml": "" });
  t.deepEqual((await found([join(root, "service.yaml")])).codes, ["foreign-document"]);
  t.deepEqual((await found([join(root, "empty.yaml")])).codes, ["empty-file"]);
});

test("two policies of one name are an error", async (t) => {
  const root = await folder(t, { "a.yaml": policy("p"), "b.yaml": policy("p") });
  t.true((await found([root])).codes.includes("duplicate-name"));
});

test("a file that is named twice is read once", async (t) => {
  const root = await folder(t, { "a.yaml": policy("p") });
  t.deepEqual((await found([root, join(root, "a.yaml")])).codes, []);
});

test("a file that is no text is an error, and a link to nothing that is not hidden", async (t) => {
  const root = await folder(t, { "binary.yaml": Buffer.from([0, 1, 2, 0xff]) });
  t.deepEqual((await found([join(root, "binary.yaml")])).codes, ["not-text"]);
  await symlink("somebody@their-machine.1", join(root, ".#policy.yaml"));
  t.deepEqual((await found([root])).codes, []);
  const link = join(root, "link.yaml");
  await symlink(join(root, "nowhere"), link);
  const message = `\`${link}\` is a link to nothing`;
  await t.throwsAsync(discover([root]), { instanceOf: InputError, message });
});

test("a manifest that was emptied is an error", async (t) => {
  for (const text of ["", "# nothing\n", "---\n"]) {
    const root = await folder(t, { "policy.yaml": policy("p"), "deny/web.yaml": pod, "deny/lost.yaml": text });
    t.deepEqual(await found([root]), { policies: { p: ["deny/web.yaml"] }, codes: ["empty-file"] }, text);
  }
});

test("a file that was cut anywhere is not passed over", async (t) => {
  const json = JSON.stringify({ kind: "Fixtures", apiVersion: "registry-policy.dev/v1", cases: [] }, undefined, 2);
  for (const whole of [policy("q"), fixtures("b"), `# the sandbox\n---\n${fixtures("b")}`, json]) {
    for (let end = 0; end < whole.length; end += 1) {
      const root = await folder(t, {
        "p/policy.yaml": policy("p"),
        "p/kept.yaml": fixtures("a"),
        "p/cut.yaml": whole.slice(0, end),
      });
      const { policies, codes } = await found([root]);
      t.true(codes.length > 0 || policies.q !== undefined || (policies.p?.length ?? 0) > 1, whole.slice(0, end));
    }
  }
});

test("an empty file is left alone where nothing is ours, but for one of our names", async (t) => {
  const files = {
    "ours/policy.yaml": policy("p"),
    "ours/fixtures.yaml": fixtures("a"),
    "chart/values.yaml": "# none\n",
  };
  t.deepEqual((await found([await folder(t, files)])).codes, []);
  t.deepEqual((await found([await folder(t, { ...files, "ours/old.yaml": "" })])).codes, ["empty-file"]);
  t.deepEqual((await found([await folder(t, { ...files, "other/fixtures.yaml": "" })])).codes, ["empty-file"]);
  t.deepEqual((await found([await folder(t, { ...files, "other/policy.json": "{" })])).codes, ["empty-file"]);
});

test("a path that is not there is an error that names it", async (t) => {
  const error = await t.throwsAsync(discover(["does/not/exist"]), { instanceOf: InputError });
  t.is(error?.message, "there is no `does/not/exist`");
});
