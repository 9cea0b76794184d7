import test from "ava";
import { judgeImage } from "./judge-image.js";
import { policyOf } from "./testing/policy-of.js";

const digest = `@sha256:${"0".repeat(64)}`;
const strict = policyOf({
  images: {
    allow: ["docker.io", "ghcr.io/acme/**", { pattern: "quay.io/acme/{a,b}", reason: "ours" }],
    deny: ["ghcr.io/acme/sandbox/**", { pattern: "quay.io/acme/b", reason: "old" }],
    require: { registry: "explicit", tag: "explicit", digest: true },
    denyTags: ["latest", "*-dev"],
  },
});

const verdicts: [image: unknown, expected: string][] = [
  [undefined, "missing"],
  [null, "missing"],
  ["", "missing"],
  [1, "missing"],
  [["nginx"], "missing"],
  [{}, "missing"],
  [" ", "invalid"],
  ["ghcr.io/acme/sandbox/X", "invalid"],
  ["ghcr.io/acme/sandbox/x", "denied"],
  ["ghcr.io:5000/acme/sandbox/x", "denied"],
  ["quay.io/acme/b", "denied"],
  ["evil.io/x", "unlisted"],
  ["ghcr.io:5000/acme/x", "unlisted"],
  ["nginx", "registry-implicit"],
  [`nginx${digest}`, "registry-implicit"],
  ["docker.io/nginx", "tag-missing"],
  ["docker.io/nginx:latest", "tag-denied"],
  [`docker.io/nginx:latest${digest}`, "tag-denied"],
  ["docker.io/nginx:1-dev", "tag-denied"],
  ["docker.io/nginx:1", "digest-missing"],
  [`docker.io/nginx${digest}`, "allow"],
  [`docker.io/nginx:1${digest}`, "allow"],
];

for (const [image, expected] of verdicts) {
  test(`${JSON.stringify(image)?.slice(0, 50)} is judged \`${expected}\`, the first reason that holds`, (t) => {
    const judgement = judgeImage(strict, image);
    t.is(judgement.verdict === "allow" ? "allow" : judgement.reason, expected);
  });
}

test("the pattern that decided is told", (t) => {
  const patternOf = (image: string) => judgeImage(strict, image).pattern?.text;
  t.is(patternOf(`ghcr.io/acme/x:1${digest}`), "ghcr.io/acme/**");
  t.is(patternOf("quay.io/acme/a"), "quay.io/acme/{a,b}");
  t.is(patternOf("quay.io/acme/b"), "quay.io/acme/b");
  t.is(patternOf("evil.io/x"), undefined);
  t.is(judgeImage(strict, "quay.io/acme/b").pattern?.reason, "old");
  const denied = judgeImage(strict, "docker.io/x:1-dev");
  t.is(denied.verdict === "violation" && denied.tag?.text, "*-dev");
  const invalid = judgeImage(strict, "x/Y");
  t.is(invalid.verdict === "violation" && invalid.invalid, "the repository has an upper-case letter");
});

test("an image with neither tag nor digest has the tag `latest`", (t) => {
  const policy = policyOf({ images: { denyTags: ["latest"] } });
  const reasonOf = (image: string) => {
    const judgement = judgeImage(policy, image);
    return judgement.verdict === "allow" ? "allow" : judgement.reason;
  };
  t.is(reasonOf("nginx"), "tag-denied");
  t.is(reasonOf("nginx:1"), "allow");
  t.is(reasonOf("nginx:LATEST"), "allow");
  t.is(reasonOf(`nginx${digest}`), "allow");
});

test("without an allow list, everything that is valid and not denied is allowed", (t) => {
  const policy = policyOf({ images: { deny: ["docker.io/library/nginx"] } });
  t.is(judgeImage(policy, "evil.io/x").verdict, "allow");
  t.is(judgeImage(policy, "nginx").verdict, "violation");
  t.is(judgeImage(policy, "evil.io/X").verdict, "violation");
});

test("a short name is judged as what the default registry holds", (t) => {
  const policy = policyOf({ images: { defaultRegistry: "Mirror.Corp:0443", allow: ["mirror.corp"] } });
  t.is(policy.images.defaultRegistry, "mirror.corp");
  t.is(judgeImage(policy, "nginx").verdict, "allow");
  t.is(judgeImage(policy, "docker.io/nginx").verdict, "violation");
});
