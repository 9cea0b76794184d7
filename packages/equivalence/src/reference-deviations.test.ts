import { type EngineHost, startHost } from "@registry-policy/engines";
import { parseReference } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { imageArbitrary } from "./generators/image-arbitrary.js";
import { readRaw } from "./generators/policy-arbitrary.js";
import { comparedReference, normalisedReference, referenceDeviations } from "./reference-deviations.js";

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

const policy = readRaw({
  apiVersion: "registry-policy.dev/v1",
  kind: "RegistryPolicy",
  metadata: { name: "p" },
  spec: { images: { allow: ["docker.io/library/nginx", "registry.my.com:5000/**:v*", "ghcr.io/*/app@sha256:*"] } },
})?.policy;
if (policy === undefined) throw new Error("the policy is not read");

const pieces = fc.constantFrom(
  ..."abcXZ019./:@-_[]".split(""),
  "__",
  "--",
  "..",
  "docker.io",
  "index.docker.io",
  "INDEX.DOCKER.IO",
  "localhost",
  "library/",
  ":443",
  ":0443",
  ":00",
  "sha256:",
  "sha384:",
  "md5:",
  "0123456789abcdef".repeat(4),
  "0123456789abcdef".repeat(6),
  "a/".repeat(128),
  "a".repeat(256),
  " ",
  "\n",
  "é",
);
const texts = fc.oneof(
  imageArbitrary(policy),
  fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join("")),
);

/** What the two make of each text, where they differ and no deviation explains it. */
async function unexplained(references: readonly string[]): Promise<object[]> {
  const parsed = await host.parseReferences(references);
  return references.flatMap((text, index) => {
    const theirs = parsed[index];
    if (theirs === undefined) return [{ text }];
    const ours = parseReference(text, "docker.io");
    if (referenceDeviations.some((deviation) => deviation.explains(text, theirs, ours))) return [];
    const isTheirs = theirs.error === undefined;
    if ("invalid" in ours) return isTheirs ? [{ text, theirs, ours }] : [];
    const isSame = isTheirs && JSON.stringify(normalisedReference(theirs)) === JSON.stringify(comparedReference(ours));
    return isSame ? [] : [{ text, theirs, ours }];
  });
}

test("references are read as distribution/reference reads them, but for the deviations that are named", async (t) => {
  const references = fc.sample(texts, { seed: 42, numRuns: 20_000 });
  const valid = references.filter((text) => !("invalid" in parseReference(text, "docker.io"))).length;
  t.true(valid > 4000 && valid < 16_000, `${valid} of ${references.length} texts are references`);
  t.deepEqual((await unexplained(references)).slice(0, 5), []);
});

test("every deviation that is named is needed", async (t) => {
  const examples = [
    "my_registry.corp/app",
    `ghcr.io/${"a/".repeat(100)}a:${"t".repeat(128)}@sha512:${"a".repeat(128)}`,
  ];
  const long = `ghcr.io/${"a".repeat(300)}`;
  const references = [...examples, `${examples[1]}`.replace("ghcr.io", `${"ghcr.".repeat(20)}io`), long];
  const parsed = await host.parseReferences(references);
  for (const { sentence, explains } of referenceDeviations) {
    const explained = references.some((text, index) => {
      const theirs = parsed[index];
      return theirs !== undefined && explains(text, theirs, parseReference(text, "docker.io"));
    });
    t.true(explained, sentence);
  }
});
