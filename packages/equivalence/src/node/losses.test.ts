import { contains } from "@registry-policy/automata";
import { judgeImage } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { imageArbitrary } from "../generators/image-arbitrary.js";
import { policyArbitrary } from "../generators/policy-arbitrary.js";
import { Unreadable } from "../proof/proof.js";
import { policyOf } from "../proof/proof.test.data.js";
import { admitsImage } from "./admits-image.js";
import { lossDiagnostics, readNode } from "./loss-diagnostics.js";
import { lossesOf } from "./losses.js";
import { emittedFor, nodeFor, nodeTargetIds } from "./node.test.data.js";
import { nodeLanguage } from "./node-language.js";

/** Each loss as `admits image reason pattern`; those of spelling apart. */
function lost(images: object, id: string = "containers-policy"): string[] {
  const policy = policyOf(images);
  const node = nodeFor(policy, id);
  if (node === undefined) throw new Error("nothing was emitted");
  const { losses, isComplete } = lossesOf(policy, node);
  if (!isComplete) throw new Error("there are more");
  return losses
    .filter(({ isSpelling }) => !isSpelling)
    .map(({ direction, image, judgement, pattern }) =>
      [direction, image, judgement.verdict === "violation" ? judgement.reason : "", pattern?.text ?? ""].join(" "),
    );
}

const digest = `sha256:${"a".repeat(64)}`;

test("of a registry nothing is lost", (t) => {
  t.deepEqual(lost({ allow: ["a.io", "b.io:5000/**"] }), []);
  t.deepEqual(lost({ allow: ["docker.io"] }), []);
  t.deepEqual(lost({ allow: ["a.io"], deny: ["a.io/bad/**"], require: { registry: "explicit" } }), [
    "refuses a.io/bad  a.io",
  ]);
});

test("a repository is admitted with what is below it, and a namespace with the repository of its name", (t) => {
  t.deepEqual(lost({ allow: ["a.io/x", "b.io/y/**"] }), [
    "admits b.io/y unlisted b.io/y/**",
    "admits a.io/x/a unlisted a.io/x",
  ]);
});

test("what a pattern limits otherwise is refused", (t) => {
  t.deepEqual(lost({ allow: ["a.io", "*.b.io", "**.c.io", "d.io/x-*/y", "e.io/*", "f.io/**:v*", "g.io:*"] }), [
    "refuses e.io/a  e.io/*",
    "refuses a.b.io/a  *.b.io",
    "refuses a.c.io/a  **.c.io",
    "refuses f.io/a:v  f.io/**:v*",
    "refuses g.io:0/a  g.io:*",
    "refuses d.io/x-a/y  d.io/x-*/y",
  ]);
  t.deepEqual(lost({ allow: ["**.c.io:*"] }), []);
});

test("a tag is refused beside a digest, which a node looks at alone", (t) => {
  t.deepEqual(lost({ allow: ["a.io/x:v1"] }), [`refuses a.io/x:v1@${"sha256:"}${"a".repeat(64)}  a.io/x:v1`]);
  t.deepEqual(lost({ allow: [`a.io/x@${digest}`] }), []);
});

test("tags and digests that are asked for are not asked for", (t) => {
  t.deepEqual(lost({ allow: ["a.io"], require: { digest: true } }), ["admits a.io/a digest-missing a.io"]);
  t.deepEqual(lost({ allow: ["a.io"], require: { tag: "explicit" } }), ["admits a.io/a tag-missing a.io"]);
  t.deepEqual(lost({ allow: ["a.io"], denyTags: ["latest", "*-rc"] }), [
    "admits a.io/a tag-denied a.io",
    "admits a.io/a:a-rc tag-denied a.io",
  ]);
  t.deepEqual(lost({ allow: ["docker.io/nginx"], denyTags: ["latest"] }), [
    "admits library/nginx/a unlisted docker.io/nginx",
    `admits nginx:latest@${digest} tag-denied docker.io/nginx`,
  ]);
});

test("an image that is denied is refused with all that its scope covers", (t) => {
  t.deepEqual(lost({ allow: ["a.io"], deny: ["a.io/x:bad", "a.io/y/z-*"] }), ["refuses a.io/x  a.io"]);
  t.throws(() => lost({ allow: ["a.io"], deny: ["a.io/y-*"] }), { message: "nothing was emitted" });
});

test("without an allow list a node admits what is denied where it is written otherwise", (t) => {
  t.deepEqual(lost({ deny: ["a.io/x/**"] }), ["admits a.io:0/x/a denied a.io/x/**", "refuses a.io/x  "]);
});

test("OpenShift excepts nothing from what it allows, and finds short names", (t) => {
  const openshift = "openshift-image-config";
  t.deepEqual(lost({ allow: ["a.io", "b.io"], deny: ["a.io/bad/**"] }, openshift), ["refuses a.io/a  a.io"]);
  t.deepEqual(lost({ allow: ["docker.io"], require: { registry: "explicit" } }, openshift), [
    "admits a registry-implicit docker.io",
  ]);
});

test("the spelling of registries is one loss, not one for each pattern", (t) => {
  const policy = policyOf({ allow: ["a.io", "b.io"] });
  const node = nodeFor(policy, "containers-policy");
  if (node === undefined) return t.fail();
  t.deepEqual(
    lossesOf(policy, node).losses.map(({ direction, image, isSpelling }) => ({ direction, image, isSpelling })),
    [{ direction: "refuses", image: "a.iO/a", isSpelling: true }],
  );
});

test("more losses than are looked for are not silently left out", (t) => {
  const policy = policyOf({ allow: Array.from({ length: 30 }, (_, index) => `a.io/x${index}`) });
  const diagnostics = lossDiagnostics(policy, "containers-policy", emittedFor(policy, "containers-policy"));
  t.is(diagnostics.filter(({ code }) => code === "image-admitted").length, 20);
  t.is(diagnostics.at(-1)?.code, "more-lost");
});

test("a loss is told with its pattern's place, the shortest image and what to do", (t) => {
  const policy = policyOf({ allow: ["a.io", "*.b.io"] });
  const [found] = lossDiagnostics(policy, "containers-policy", emittedFor(policy, "containers-policy"));
  t.is(found?.code, "image-refused");
  t.is(found?.message, "`containers-policy` refuses `a.b.io/a`, which the policy allows by `*.b.io`");
  const { location, length, sourceLine } = found ?? {};
  t.deepEqual({ location, length, sourceLine }, { ...policy.images.allow?.[1]?.place });
});

test("a tag that is denied is named where it is admitted", (t) => {
  const policy = policyOf({ allow: ["a.io"], denyTags: ["*-rc"] });
  const [found] = lossDiagnostics(policy, "containers-policy", emittedFor(policy, "containers-policy"));
  t.is(
    found?.message,
    "`containers-policy` admits `a.io/a:a-rc`, which the policy refuses (tag-denied by `*-rc`): it is in the scope of `a.io`",
  );
});

test("a registry that needs its port to be one is not spelled otherwise with it", (t) => {
  t.deepEqual(lost({ allow: ["[ab]:443/x"] }), ["admits [ab]:443/x/a unlisted [ab]:443/x"]);
});

for (const id of nodeTargetIds) {
  test(`the evaluator, its automaton and the losses agree about any image: ${id}`, (t) => {
    let judged = 0;
    fc.assert(
      fc.property(
        policyArbitrary.chain((generated) =>
          fc.tuple(
            fc.constant(generated.policy),
            fc.array(imageArbitrary(generated.policy), { minLength: 20, maxLength: 20 }),
          ),
        ),
        ([policy, images]) => {
          const node = nodeFor(policy, id);
          if (node === undefined) return;
          const language = nodeLanguage(node);
          const { isLost } = lossesOf(policy, node, 0);
          for (const image of images.filter(({ length }) => length <= 512)) {
            judged += 1;
            const isAdmitted = admitsImage(node, image);
            t.is(contains(language, image), isAdmitted, image);
            const judgement = judgeImage(policy, image);
            t.is(isLost(image), isAdmitted !== (judgement.verdict === "allow"), image);
            if (policy.images.allow === undefined || node.acceptsByDefault || !isAdmitted) continue;
            t.false(judgement.verdict === "violation" && judgement.reason === "denied", `${image} is denied`);
          }
        },
      ),
      { numRuns: 100 },
    );
    t.true(judged > 200, String(judged));
  });
}

test("a file that says what is not known is not read as if it did not", (t) => {
  const policy = policyOf({ allow: ["a.io"] });
  const files = emittedFor(policy, "containers-policy");
  const changed = (path: string, from: string, to: string) =>
    files.map((file) =>
      file.path.endsWith(path) ? { ...file, content: String(file.content).replace(from, to) } : file,
    );
  const read = (some: typeof files) => () => readNode(policy, "containers-policy", some);
  t.notThrows(read(files));
  for (const some of [
    changed("policy.json", "insecureAcceptAnything", "signedBy"),
    changed("policy.json", '"docker"', '"atomic"'),
    changed("policy.json", '"a.io"', '""'),
    changed(".conf", '"enforcing"', '"permissive"'),
    changed(".conf", "short-name-mode", "additional = 1\nshort-name-mode"),
    files.slice(1),
  ]) {
    t.throws(read(some), { instanceOf: Unreadable });
  }
});
