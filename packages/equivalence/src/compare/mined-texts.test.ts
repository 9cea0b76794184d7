import test from "ava";
import { comparedSide } from "./compared-side.js";
import { stemsOf, taggedImagesOf, tagsOf } from "./mined-stems.js";
import { mineTexts } from "./mined-texts.js";
import { samplingOf } from "./sampling.js";

const beginnings: Readonly<Record<string, readonly string[]>> = {
  "registry.my.com/team/*": ["registry.my.com/team"],
  "eu.foo.io/* | bar.io/*": ["eu.foo.io", "bar.io"],
  "*/nirmata/*": ["any.example/nirmata"],
  "**/**/debug": ["any.example/debug"],
  "*.corp.example:5000/base/*": ["a.corp.example:5000/base"],
  "*.dkr.ecr.*.amazonaws.com/*": ["a.dkr.ecr.a.amazonaws.com"],
  "^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com/.+$": ["000000000000.dkr.ecr.a.amazonaws.com"],
  "^.*\\.corp\\.example/": ["a.corp.example"],
  "^(eu\\.foo\\.io|bar\\.io)/.+$": ["eu.foo.io", "bar.io"],
  "^registry.acmecorp.com/.+$": ["registry.acmecorp.com"],
  "registry.my.com.*": ["registry.my.com"],
  "registry.k8s.io/*": ["registry.k8s.io"],
  "networking.k8s.io": [],
  "object.spec.containers": [],
  "images.acme.com/": ["images.acme.com"],
  ClusterPolicy: [],
  "!*:latest": [],
};

for (const [text, stems] of Object.entries(beginnings)) {
  test(`what \`${text}\` begins with is read`, (t) => t.deepEqual(stemsOf(text), [...stems]));
}

test("images and tags that a text names are read", (t) => {
  t.deepEqual(taggedImagesOf("ghcr.io/acme/app:v1.2, busybox:1.36 | ghcr.io/acme/*:v*"), [
    "ghcr.io/acme/app:v1.2",
    "busybox:1.36",
    "ghcr.io/acme/x:vx",
  ]);
  t.deepEqual(taggedImagesOf("registry.my.com:5000/team/ or registry.my.com/"), []);
  t.regex(taggedImagesOf("ghcr.io/acme/app@sha256:*")[0] ?? "", /@sha256:[a-f0-9]{64}$/);
  t.deepEqual(tagsOf("!*:latest"), ["latest"]);
  t.deepEqual(tagsOf(":(latest|dev)$"), ["latest", "dev"]);
  t.deepEqual(tagsOf("http://a"), []);
});

const names = Array.from({ length: 1_000 }, (_, index) => `registry-${index}.my.com/team`);

function clusterPolicy(names: readonly string[]) {
  const image = names.map((name) => `${name}/*`).join(" | ");
  const text = `kind: ClusterPolicy\nspec: {rules: [{validate: {pattern: {spec: {containers: [{image: "${image}"}]}}}}]}\n`;
  return comparedSide([{ path: "a.yaml", text }]);
}

test("of long lists the names are told that one side alone has", (t) => {
  const left = clusterPolicy(names);
  const right = clusterPolicy(names.filter((_, index) => index !== 700));
  const { stems, stemsFound } = mineTexts([left, right], samplingOf([left, right]));
  t.true(stemsFound >= 1_000 && stemsFound < 1_010, String(stemsFound));
  t.true(stems.includes("registry-700.my.com/team"));
  t.true(stems.includes("registry-0.my.com/team"));
  t.true(stems.length < 100);
  const other = clusterPolicy(["ghcr.io"]);
  t.true(mineTexts([left, other], samplingOf([left, other])).stems.length > 100);
});

test("of a text whose quotes are not closed, however long, the rest is read", (t) => {
  const text = `package p\n# "${'\\"'.repeat(1_000_000)}\ndeny contains 1 if startswith(input, "registry.my.com/team/")\n`;
  const side = comparedSide([{ path: "a.rego", text }]);
  t.deepEqual(mineTexts([side], samplingOf([side, side])).stems, ["registry.my.com/team"]);
});
