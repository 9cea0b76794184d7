import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import test from "ava";
import { parseTar } from "nanotar";
import { opa } from "./index.js";
import { policyWasm } from "./policy-wasm.js";
import { templates } from "./templates.test.data.js";
import { policyOf } from "./wasm-judge.test.data.js";

/** A policy that uses every feature of the language. */
const everyFeature = policyOf(
  {
    title: "Trusted registries",
    description: 'Run only what we build or mirror: "{{ quotes }}", $(braces), | and\nlines.',
    category: "Supply chain",
    severity: "high",
    enforcement: "warn",
    match: {
      kinds: ["Pod", "CronJob", "PodTemplate"],
      namespaces: ["team-*"],
      excludeNamespaces: ["kube-system"],
      namespaceSelector: {
        matchLabels: { "registry-policy": "enforced" },
        matchExpressions: [{ key: "env", operator: "NotIn", values: ["no", "on"] }],
      },
    },
    images: {
      defaultRegistry: "mirror:5000",
      allow: [
        "registry.my.com",
        "docker.io/library/{nginx,redis}",
        { pattern: "ghcr.io/acme/**:v*", reason: "Released by our own CI." },
        "*.example.com/team-*/app",
        "**.corp.example:*/a/**/b@sha256:*",
        "*.dkr.ecr.*.amazonaws.com/**:1.27",
        "**/**/debug",
      ],
      deny: [{ pattern: "registry.my.com/sandbox/**", reason: "Sandbox images are never scanned." }, "docker.io:443"],
      require: { registry: "explicit", tag: "explicit", digest: true },
      denyTags: ["latest", "*-rc*"],
    },
    exempt: {
      users: ["system:serviceaccount:flux-system:*"],
      groups: ["break-glass"],
      breakGlass: { annotation: "mycluster.image-policy.k8s.io/ticket", value: "INC-*" },
    },
  },
  { name: "every-feature", labels: { team: "no" }, annotations: { "example.com/owner": "a: {{ b }}" } },
);

/** Compares with a file of `golden/`, which `UPDATE_GOLDEN=1` writes. */
function golden(name: string, content: string): { expected: string; actual: string } {
  const file = new URL(`../../../src/targets/opa/golden/${name}`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, content);
  return { expected: readFileSync(file, "utf8"), actual: content };
}

function textOf(path: string): string {
  const artifact = opa.emit(everyFeature, templates).artifacts.find((each) => each.path === path);
  if (typeof artifact?.content !== "string") throw new Error(`no text ${path}`);
  return artifact.content;
}

function bundleFiles(): Map<string, Uint8Array> {
  const artifact = opa.emit(everyFeature, templates).artifacts.find(({ path }) => path.endsWith("/bundle.tar.gz"));
  if (artifact === undefined || typeof artifact.content === "string") throw new Error("no bundle");
  return new Map(
    parseTar(gunzipSync(artifact.content))
      .filter(({ name }) => name !== "")
      .map(({ name, data }) => [name, data ?? new Uint8Array()]),
  );
}

test("a policy becomes a bundle, its data and the Rego", (t) => {
  const { artifacts, diagnostics } = opa.emit(everyFeature, templates);
  t.deepEqual(diagnostics, []);
  t.deepEqual(
    artifacts.map(({ path }) => path),
    ["every-feature/bundle.tar.gz", "every-feature/data.json", "every-feature/policy.rego"],
  );
});

test("the data of a policy with every feature is as it was read and committed", (t) => {
  const { expected, actual } = golden("data.json", textOf("every-feature/data.json"));
  t.is(actual, expected);
});

test("the manifest of a policy with every feature is as it was read and committed", (t) => {
  const manifest = new TextDecoder().decode(bundleFiles().get(".manifest"));
  const { expected, actual } = golden("manifest.json", manifest);
  t.is(actual, expected);
});

test("the kustomization is as it was read and committed", (t) => {
  const [file, ...others] = opa.emitShared([everyFeature, policyOf({}, { name: "on" })], templates);
  t.deepEqual(others, []);
  t.is(file?.path, "kustomization.yaml");
  const { expected, actual } = golden("kustomization.yaml", String(file?.content));
  t.is(actual, expected);
});

test("the Rego is the template itself, whatever the policy", (t) => {
  t.is(textOf("every-feature/policy.rego"), templates.source("opa/policy.rego"));
});

test("a bundle holds the wasm, the data and the manifest, and nothing else", (t) => {
  const files = bundleFiles();
  t.deepEqual([...files.keys()], ["policy.wasm", "data.json", ".manifest"]);
  t.deepEqual(Buffer.from(files.get("policy.wasm") ?? []), Buffer.from(policyWasm().bytes));
  t.is(new TextDecoder().decode(files.get("data.json")), textOf("every-feature/data.json"));
});

test("a bundle tells neither a time, nor an owner, nor an operating system", (t) => {
  const [bundle] = opa.emit(everyFeature, templates).artifacts;
  if (typeof bundle?.content !== "object") throw new Error("no bundle");
  t.deepEqual([...bundle.content.subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff]);
  for (const { name, attrs } of parseTar(gunzipSync(bundle.content)).filter((file) => file.name !== "")) {
    t.like(attrs, { mtime: 0, uid: 0, gid: 0, user: "", group: "" }, name);
  }
});

test("the same policy gives the same bytes", (t) => {
  t.deepEqual(opa.emit(everyFeature, templates), opa.emit(everyFeature, templates));
});

test("Rego that is not what the wasm was compiled from is refused by name", (t) => {
  const changed = { ...templates, source: (path: string) => `${templates.source(path)}\n` };
  const { artifacts, diagnostics } = opa.emit(everyFeature, changed);
  t.deepEqual(artifacts, []);
  t.deepEqual(
    diagnostics.map(({ code, severity, message }) => ({ code, severity, message })),
    [
      {
        code: "changed-rego",
        severity: "error",
        message: "the template `opa/policy.rego` is not the one that `policy.wasm` was compiled from",
      },
    ],
  );
});

test("data that no ConfigMap holds is warned about, and emitted", (t) => {
  const allow = Array.from({ length: 2200 }, (_, index) => `ghcr.io/${"a".repeat(480)}-${index}`);
  const { artifacts, diagnostics } = opa.emit(policyOf({ images: { allow } }), templates);
  t.is(artifacts.length, 3);
  t.deepEqual(
    diagnostics.map(({ code, severity }) => ({ code, severity })),
    [{ code: "artifact-too-large", severity: "warning" }],
  );
});

test("a folder without policies has no kustomization", (t) => {
  t.deepEqual(opa.emitShared([], templates), []);
});

test("every feature is said in full or with a note", (t) => {
  for (const [feature, support] of Object.entries(opa.capabilities.features)) {
    t.not(support.level, "none", feature);
  }
});
