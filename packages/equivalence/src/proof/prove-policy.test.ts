import { policyLanguages } from "@registry-policy/automata";
import { judgeImage, type Policy } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { type ProvableFile, textOf } from "./proof.js";
import { emittedFor, examplePolicies, policyOf } from "./proof.test.data.js";
import { proofReaders, proofsOf, proveFile } from "./prove-policy.js";

const readers = Object.entries(proofReaders);
const policies = examplePolicies();

/** What is emitted for every target that can be read back. */
function emitted(policy: Policy): ProvableFile[] {
  return readers.flatMap(([target]) =>
    emittedFor(policy, target).map(({ path, content }) => ({ path: `${target}/${path}`, content })),
  );
}

test("there are examples", (t) => {
  t.true(policies.length >= 6, String(policies.length));
});

for (const policy of policies) {
  test(`what is emitted for the example ${policy.name} allows what it allows, whatever the image`, (t) => {
    const proofs = [...proofsOf(policy, emitted(policy))];
    t.deepEqual(new Set(proofs.map(({ target }) => target)), new Set(Object.keys(proofReaders)));
    for (const proof of proofs) t.is(proof.outcome, "equal", JSON.stringify(proof));
  });
}

const registry = fc.constantFrom(
  "a.io",
  "docker.io",
  "**",
  "**.a.io",
  "*.io",
  "a.io:*",
  "a.io:5000",
  "[::1]:5000",
  "corp:443",
);
const component = fc.constantFrom("a", "library", "*", "a*", "*b", "a*b", "**");
const suffix = fc.constantFrom("", "", "", ":v*", ":latest", ":*", "@*", ":v1@sha256:*", ":a*b*c*d");
const pattern = fc
  .tuple(registry, fc.array(component, { minLength: 1, maxLength: 3 }), suffix)
  .map(([host, path, end]) => `${host}/${path.join("/")}${end}`);
const images = fc.record(
  {
    defaultRegistry: fc.constantFrom("docker.io", "a.io", "corp:5000", "[::1]"),
    allow: fc.array(pattern, { minLength: 1, maxLength: 4 }),
    deny: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    require: fc.record(
      { registry: fc.constant("explicit"), tag: fc.constant("explicit"), digest: fc.constant(true) },
      { requiredKeys: [] },
    ),
    denyTags: fc.array(fc.constantFrom("latest", "v*", "*-rc", "*.*"), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);

test("what is emitted for any policy allows what the policy allows", (t) => {
  fc.assert(
    fc.property(images, (raw) => {
      const policy = policyOf(raw);
      for (const proof of proofsOf(policy, emitted(policy))) t.is(proof.outcome, "equal", JSON.stringify([raw, proof]));
    }),
    { seed: 1, numRuns: 30 },
  );
});

test("what is emitted for one policy is not right for another", (t) => {
  let different = 0;
  fc.assert(
    fc.property(images, images, (one, two) => {
      const [left, right] = [policyOf(one), policyOf(two)];
      for (const [target, reader] of readers) {
        const files = emittedFor(left, target);
        for (const file of files.filter(({ path }) => reader.reads(path))) {
          const outcome = proveFile(policyLanguages(right).allowed, reader, file, { shipped: files, emitted: files });
          if (outcome.outcome !== "different") continue;
          different += 1;
          // The evaluator, which knows nothing of automata, has to say the same.
          const [byFile, byPolicy] = [left, right].map(
            (policy) => judgeImage(policy, outcome.image).verdict === "allow",
          );
          t.deepEqual([byFile, byPolicy], outcome.allowedBy === "file" ? [true, false] : [false, true]);
        }
      }
    }),
    { seed: 1, numRuns: 12 },
  );
  t.true(different > 20, String(different));
});

for (const target of ["kyverno-cluster-policy", "kyverno-validating-policy", "validating-admission-policy"]) {
  test(`nothing is proved of what lets through whatever the engine fails on: ${target}`, (t) => {
    const policy = policyOf({ allow: ["a.io"] });
    const files = emittedFor(policy, target);
    const file = files.find(({ path }) => proofReaders[target]?.reads(path));
    const reader = proofReaders[target];
    if (file === undefined || reader === undefined) return t.fail("nothing is emitted");
    const content = textOf(file).replace("failurePolicy: Fail", "failurePolicy: Ignore");
    const changed = { ...file, content };
    const outcome = proveFile(policyLanguages(policy).allowed, reader, changed, { shipped: files, emitted: [changed] });
    t.deepEqual(outcome, { outcome: "unreadable", problem: "`failurePolicy` is not `Fail`" });
  });
}

test("a changed bundle, template or Rego is found", (t) => {
  const [policy] = policies;
  if (policy === undefined) return t.fail("there are no examples");
  const files = emitted(policy);
  const change = (path: RegExp, by: (content: string | Uint8Array) => string | Uint8Array) =>
    [
      ...proofsOf(
        policy,
        files.map((file) => (path.test(file.path) ? { ...file, content: by(file.content) } : file)),
      ),
    ].filter(({ outcome }) => outcome !== "equal");
  const flipped = (content: string | Uint8Array) => {
    const bytes = Buffer.from(content);
    const at = bytes.length - 20;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
  t.deepEqual(
    change(/nothing/, (content) => content),
    [],
  );
  t.like(change(/bundle\.tar\.gz$/, flipped)[0], { target: "opa", outcome: "unreadable" });
  t.like(change(/policy\.rego$/, (rego) => `${rego}\n`)[0], {
    outcome: "unreadable",
    problem: "`policy.rego` is not the shipped one",
  });
  t.like(change(/constraint-template\.yaml$/, (template) => String(template).replace("not denied", "denied"))[0], {
    outcome: "unreadable",
    problem: "`constraint-template.yaml` is not the shipped one",
  });
  t.like(change(/gatekeeper-cel\/constraint-template\.yaml$/, (text) => String(text).replace("||", "&&"))[0], {
    target: "gatekeeper-cel",
    outcome: "unreadable",
    problem: "`constraint-template.yaml` is not the shipped one",
  });
  t.like(change(/\.constraint\.yaml$/, () => "{}")[0], { outcome: "unreadable" });
  t.like(change(/\.constraint\.yaml$/, () => "a: [")[0], { outcome: "unreadable" });
  const [validation] = change(/\.policy\.yaml$/, (text) => String(text).replace("refused) == 0", "refused) >= 0"));
  t.like(validation, { outcome: "unreadable", problem: "there is another validation than that no image is refused" });
  const [images] = change(/\.policy\.yaml$/, (text) => String(text).replace("container.image : ''", "'' : ''"));
  t.like(images, { outcome: "unreadable", problem: "the variable `images` is not the shipped one" });
  const [guard] = change(/\.policy\.yaml$/, (text) => String(text).replace("reference != '' &&", "reference != '' ||"));
  t.like(guard, { target: "validating-admission-policy", outcome: "unreadable" });
  t.like(change(/data\.json$/, () => "{")[0], { outcome: "unreadable" });
});

const host = fc.constantFrom(
  "a.io",
  "b.io",
  "a-b.io",
  "a.b.io",
  "b.a.io",
  "a.io.b",
  "ks-a.sk.io",
  "ks-b.sk.io",
  "localhost",
);
const path = fc.constantFrom("", "/a", "/a/**", "/a/b", "/ab", "/a/b/**");
const names = fc.array(
  fc.tuple(host, path).map((parts) => parts.join("")),
  { minLength: 1, maxLength: 7 },
);

test("a ClusterPolicy with a short list of names allows what it allows, whatever its names share", (t) => {
  fc.assert(
    fc.property(names, (allow) => {
      const policy = policyOf({ allow });
      const files = emitted(policy).filter(({ path }) => path.startsWith("kyverno-cluster-policy/"));
      for (const proof of proofsOf(policy, files)) t.is(proof.outcome, "equal", JSON.stringify([allow, proof]));
    }),
    { seed: 1, numRuns: 40 },
  );
});

const manyNames: Readonly<Record<string, (index: number) => string>> = {
  "of one depth": (index) => `a${index}.host-${index}.io/team-${index}/**`,
  "of many depths": (index) => `a${index}.host-${index}.io${["", "/a", "/a/**", "/a/b", "/a/b/c/**"][index % 5]}`,
  "of repositories": (index) => `a${index}.host-${index}.io/a/b${index}`,
};
for (const [kind, name] of Object.entries(manyNames)) {
  test(`a list of many names ${kind} allows what it allows, and with one name changed it does not`, (t) => {
    const policy = policyOf({ allow: Array.from({ length: 20 }, (_, index) => name(index)) });
    const { allowed } = policyLanguages(policy);
    for (const [target, reader] of readers.filter(([id]) => id !== "opa")) {
      const files = emittedFor(policy, target);
      const file = files.find(({ path }) => reader.reads(path));
      if (file === undefined) return t.fail(target);
      const outcome = (change: (text: string) => string) => {
        const changed = { path: file.path, content: change(textOf(file)) };
        return proveFile(allowed, reader, changed, { shipped: files, emitted: files }).outcome;
      };
      t.is(
        outcome((text) => text),
        "equal",
        target,
      );
      const changed = outcome((text) => text.replaceAll(/host-7(?=[.[|)])/g, "host-b"));
      t.is(changed, "different", target);
    }
  });
}

test("a thousand names of hosts and folders are not too many to compare", (t) => {
  const policy = policyOf({
    allow: Array.from({ length: 1000 }, (_, index) => `a${index}.host-${index}.io/t${index}/**`),
  });
  for (const target of ["kyverno-cluster-policy", "validating-admission-policy"]) {
    const files = emitted(policy).filter(({ path }) => path.startsWith(`${target}/`));
    t.deepEqual(
      Array.from(proofsOf(policy, files), ({ outcome }) => outcome),
      ["equal"],
      target,
    );
  }
});

test("a changed rule of a ClusterPolicy is found", (t) => {
  const policy = policyOf({ allow: ["a.io"], deny: ["a.io/x"] });
  const files = emitted(policy);
  const problemOf = (from: string, to: string) => {
    const changed = files.map((file) =>
      file.path.endsWith(".cluster-policy.yaml") ? { ...file, content: textOf(file).replaceAll(from, to) } : file,
    );
    const proof = [...proofsOf(policy, changed)].find(({ target }) => target === "kyverno-cluster-policy");
    return proof?.outcome === "unreadable" ? proof.problem : proof?.outcome;
  };
  t.is(problemOf("nothing of it", ""), "equal");
  t.is(problemOf("{pulled:@,", "{"), `${theImages} is not the shipped one`);
  t.regex(problemOf("}||`{}`]", "}]") ?? "", /`} \|\| `{}`]` is expected$/);
  t.is(problemOf("containers,ephemeralContainers", "containers"), `${theImages} is not the shipped one`);
  t.is(problemOf("NotEquals", "Equals"), "`foreach.deny` is another condition than that something is refused");
  t.is(problemOf("allowExistingViolations: false", ""), "`validate.allowExistingViolations` is not false");
  t.is(
    problemOf("        foreach:", "        pattern: {}\n        foreach:"),
    "`validate` has a field `pattern`, which is not known",
  );
  t.regex(problemOf(".{513}|", "") ?? "", /is expected$/);
  t.regex(problemOf("length(@)>`128`&&", "length(@)>`130`&&") ?? "", /where `another length` is expected$/);
  t.regex(problemOf("[?@==''||", "[?@==''&&") ?? "", /^different$/);
});

const theImages = "the part of the list that finds the images";
