import { setImmediate } from "node:timers/promises";
import { policyLanguages } from "@registry-policy/automata";
import { judgeImage, type Policy } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { type ProvableFile, textOf } from "./proof.js";
import { emittedFor, examplePolicies, policyOf } from "./proof.test.data.js";
import { proofReaders, proveFile, provePolicy } from "./prove-policy.js";

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
    const proofs = provePolicy(policy, emitted(policy));
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
      for (const proof of provePolicy(policy, emitted(policy)))
        t.is(proof.outcome, "equal", JSON.stringify([raw, proof]));
    }),
    { numRuns: 30 },
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
    { numRuns: 12 },
  );
  t.true(different > 20, String(different));
});

/** What the targets in CEL have in common: the lines of the variable `refused`, without that of the grammar, see below, and comments. */
const celStretch =
  /(?<=- name: refused\n(?:(?! {4}- name: )[\s\S])*)^(?! *(?:\/\/|image\.matches\('\^\(\?:\(\?:\(\?:)).*$/g;

/** The stretches of a file in which its patterns stand. */
const stretches: Readonly<Record<string, RegExp>> = {
  "validating-admission-policy": celStretch,
  "kyverno-cluster-policy": /(?<= {10}- list: \|-\n)[\s\S]*?(?=\n {12}deny:)/g,
  gatekeeper: /^ {4}(?: {2}expression|defaultRegistry): .*$/gm,
  opa: /"images": \{\n[\s\S]*?\n {6}\}/g,
};

/** Each character of a file's patterns changed into another, one at a time. */
function* mutants(text: string, stretch: RegExp): Generator<{ mutant: string; at: string }> {
  for (const { index, 0: part } of text.matchAll(new RegExp(stretch, "gm"))) {
    for (let at = index; at < index + part.length; at += 1) {
      const character = text[at] ?? "";
      if (/\s/.test(character)) continue;
      const other = character === "a" ? "b" : "a";
      yield { mutant: text.slice(0, at) + other + text.slice(at + 1), at: `${text.slice(at - 20, at)}»${character}` };
    }
  }
}

for (const policy of policies) {
  for (const [target, reader] of readers.filter(([id]) => Object.hasOwn(stretches, id))) {
    // One after the other, and with a pause, in which the one before is reported: together they take their time.
    test.serial(`a changed character in what is emitted for ${target} of ${policy.name} is found`, async (t) => {
      await setImmediate();
      const { allowed } = policyLanguages(policy);
      const files = emittedFor(policy, target);
      const file = files.find(({ path }) => reader.reads(path) && !path.endsWith(".tar.gz"));
      if (file === undefined) return t.fail("nothing is emitted");
      let killed = 0;
      let survivors = 0;
      for (const { mutant, at } of mutants(textOf(file), stretches[target] ?? /(?!)/g)) {
        const changed = { path: file.path, content: mutant };
        const context = { shipped: files, emitted: files.map((other) => (other === file ? changed : other)) };
        const outcome = proveFile(allowed, reader, changed, context);
        if (outcome.outcome === "equal") survivors += 1;
        else killed += 1;
        if (outcome.outcome === "different") {
          t.is(judgeImage(policy, outcome.image).verdict === "allow", outcome.allowedBy === "policy", at);
        }
      }
      // A survivor is shown to be equivalent: a reason's text, one of two alternatives that come to the same.
      t.log(`${killed} found, ${survivors} equivalent`);
      t.true(killed > 0);
    });
  }
}

test("a changed character in the grammar of references is found", (t) => {
  // What is denied is of one registry alone, so nearly all of the grammar shows in what is allowed.
  const policy = policyOf({ deny: ["a.io/x"] });
  const reader = proofReaders["validating-admission-policy"];
  if (reader === undefined) return t.fail("there is nothing to change");
  const { allowed } = policyLanguages(policy);
  const files = emittedFor(policy, "validating-admission-policy");
  const file = files.find(({ path }) => reader.reads(path));
  if (file === undefined) return t.fail("nothing is emitted");
  // The grammar is the same in every file, and what is wrong with it shows late: every eighth character will do.
  const grammar = /size\(image\) > 512 \|\| !image\.matches\('.*'\)/;
  const some = [...mutants(textOf(file), grammar)].filter((_, index) => index % 8 === 0);
  const outcomes = some.map(({ mutant }) => {
    const changed = { path: file.path, content: mutant };
    return proveFile(allowed, reader, changed, { shipped: files, emitted: [changed] }).outcome;
  });
  t.true(outcomes.length > 40, String(outcomes.length));
  t.true(outcomes.filter((outcome) => outcome !== "equal").length > outcomes.length * 0.8, outcomes.join());
});

test("the variables on images are the same for every target in CEL, so that what is found in one is found in all", (t) => {
  const variables = (text: string) =>
    [...text.matchAll(/^ *- name: (references|refused)\n *expression: (?:\|-\n)?([\s\S]*?)(?=\n *- name: )/gm)].map(
      ([, name, expression = ""]) => `${name}: ${expression.replace(/^ +/gm, "")}`,
    );
  for (const policy of policies) {
    const [first, ...others] = ["validating-admission-policy", "kyverno-validating-policy", "gatekeeper-cel"].map(
      (target) => {
        const file = emittedFor(policy, target).find(({ path }) => proofReaders[target]?.reads(path));
        return file === undefined ? [] : variables(textOf(file));
      },
    );
    t.true((first?.length ?? 0) >= 1, policy.name);
    for (const other of others) t.deepEqual(other, first, policy.name);
  }
});

test("a changed bundle, template or Rego is found", (t) => {
  const [policy] = policies;
  if (policy === undefined) return t.fail("there are no examples");
  const files = emitted(policy);
  const change = (path: RegExp, by: (content: string | Uint8Array) => string | Uint8Array) =>
    provePolicy(
      policy,
      files.map((file) => (path.test(file.path) ? { ...file, content: by(file.content) } : file)),
    ).filter(({ outcome }) => outcome !== "equal");
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
  t.like(change(/\.constraint\.yaml$/, () => "{}")[0], { outcome: "unreadable" });
  t.like(change(/\.constraint\.yaml$/, () => "a: [")[0], { outcome: "unreadable" });
  const [validation] = change(/\.policy\.yaml$/, (text) => String(text).replace("refused) == 0", "refused) >= 0"));
  t.like(validation, { outcome: "unreadable", problem: "there is another validation than that no image is refused" });
  const [images] = change(/\.policy\.yaml$/, (text) => String(text).replace("container.image) : ''", "'' : ''"));
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
      for (const proof of provePolicy(policy, files)) t.is(proof.outcome, "equal", JSON.stringify([allow, proof]));
    }),
    { numRuns: 40 },
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
      const changed = outcome((text) => text.replaceAll(/host-7(?=[.[])/g, "host-b"));
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
      provePolicy(policy, files).map(({ outcome }) => outcome),
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
    const proof = provePolicy(policy, changed).find(({ target }) => target === "kyverno-cluster-policy");
    return proof?.outcome === "unreadable" ? proof.problem : proof?.outcome;
  };
  t.is(problemOf("nothing of it", ""), "equal");
  t.is(problemOf("containers, ephemeralContainers", "containers"), `${theImages} is not the shipped one`);
  t.is(problemOf("NotEquals", "Equals"), "`foreach.deny` is another condition than that something is refused");
  t.is(problemOf("allowExistingViolations: false", ""), "`validate.allowExistingViolations` is not false");
  t.is(
    problemOf("        foreach:", "        pattern: {}\n        foreach:"),
    "`validate` has a field `pattern`, which is not known",
  );
  t.regex(problemOf(".{513}|", "") ?? "", /is expected$/);
  t.regex(problemOf("length(@) > `128` &&", "length(@) > `130` &&") ?? "", /where `another length` is expected$/);
  t.regex(problemOf("[?@ == '' ||", "[?@ == '' &&") ?? "", /^different$/);
});

const theImages = "the part of the list that finds the images";
