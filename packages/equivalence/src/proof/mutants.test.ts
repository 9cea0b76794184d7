import { setImmediate } from "node:timers/promises";
import { policyLanguages } from "@registry-policy/automata";
import { readBundle } from "@registry-policy/engines";
import { judgeImage, type Policy } from "@registry-policy/language";
import test, { type ExecutionContext } from "ava";
import { celTemplateLines, type Mutant, mutantsOf, type Part, partsOf, regoExpressions } from "./mutants.test.data.js";
import { type ProofOutcome, type ProvableFile, textOf } from "./proof.js";
import { emittedFor, examplePolicies, policyOf } from "./proof.test.data.js";
import { proofReaders, proveFile } from "./prove-policy.js";

/*
 * Each character of what decides about images is changed, one at a time, in every file of every example. What many files
 * have in common, word for word, is changed once for each target.
 */

const policies = examplePolicies();

test("every target that is read back has parts to change", (t) => {
  t.deepEqual(Object.keys(partsOf).sort(), Object.keys(proofReaders).sort());
});

for (const [target, parts] of Object.entries(partsOf)) {
  const changed = new Set<string>();
  for (const policy of policies) {
    // One after the other, and with a pause, in which the one before is reported: together they take their time.
    test.serial(`a changed character in what is emitted for ${target} of ${policy.name} is found`, async (t) => {
      await setImmediate();
      const { prove, text } = proofOf(policy, target);
      const own = parts(text).filter(({ text }) => !changed.has(text));
      t.true(own.length > 0, "there is nothing of its own");
      for (const part of own) {
        changed.add(part.text);
        expectFound(t, policy, part, mutantsOf(text, part), prove);
      }
    });
  }
}

/** Proves a file of a policy with another text in its place. */
function proofOf(policy: Policy, target: string) {
  const { allowed } = policyLanguages(policy);
  const reader = proofReaders[target];
  const shipped = emittedFor(policy, target);
  const file = shipped.find(({ path }) => reader?.reads(path) && !path.endsWith(".tar.gz"));
  if (reader === undefined || file === undefined) throw new Error(`nothing is read back that is emitted for ${target}`);
  const prove = (content: string) => {
    const changed = { path: file.path, content };
    return proveFile(allowed, reader, changed, { shipped, emitted: replaced(shipped, changed) });
  };
  return { text: textOf(file), prove };
}

function replaced(files: readonly ProvableFile[], changed: ProvableFile): ProvableFile[] {
  return files.map((file) => (file.path === changed.path ? changed : file));
}

/**
 * Each mutant is found, or shown to allow the same images: no other outcome will do. A part in which nothing is found
 * would be one that nobody reads.
 */
function expectFound(
  t: ExecutionContext,
  policy: Policy,
  part: Part,
  mutants: Iterable<Mutant>,
  prove: (text: string) => ProofOutcome,
): void {
  let found = 0;
  let equivalent = 0;
  for (const { text, place } of mutants) {
    const outcome = prove(text);
    t.not(outcome.outcome, "too-large", place);
    if (outcome.outcome === "equal") equivalent += 1;
    else found += 1;
    if (outcome.outcome === "different") {
      // The evaluator, which knows nothing of automata, has to say the same.
      t.is(judgeImage(policy, outcome.image).verdict === "allow", outcome.allowedBy === "policy", place);
    }
  }
  t.true(found > 0, `nothing is found in ${part.text}`);
  t.log(`${found} found, ${equivalent} equivalent: ${part.text.trim().replaceAll(/\s+/g, " ").slice(0, 60)}`);
}

for (const [target, parts] of [
  ["gatekeeper", regoExpressions],
  ["gatekeeper-cel", celTemplateLines],
] as const) {
  test(`a changed character in the template of ${target} that decides about images is found, were it the shipped one`, (t) => {
    const policy = policyOf({ deny: ["docker.io/library/x", "a.io/x"], require: { tag: "explicit" } });
    const { allowed } = policyLanguages(policy);
    const files = emittedFor(policy, target);
    const template = files.find(({ path }) => path === "constraint-template.yaml");
    const constraint = files.find(({ path }) => path.endsWith(".constraint.yaml"));
    const reader = proofReaders[target];
    if (template === undefined || constraint === undefined || reader === undefined) return t.fail("nothing is emitted");
    const prove = (content: string) => {
      const shipped = replaced(files, { path: template.path, content });
      return proveFile(allowed, reader, constraint, { shipped, emitted: shipped });
    };
    const text = textOf(template);
    for (const part of parts(text)) expectFound(t, policy, part, mutantsOf(text, part), prove);
  });
}

for (const [target, path] of [
  ["gatekeeper", "constraint-template.yaml"],
  ["gatekeeper-cel", "constraint-template.yaml"],
  ["opa", "policy.rego"],
] as const) {
  test(`a changed character in ${path} of ${target} is found`, (t) => {
    const policy = policyOf({ allow: ["a.io"] });
    const { allowed } = policyLanguages(policy);
    const shipped = emittedFor(policy, target);
    const shared = shipped.find((file) => file.path.endsWith(path));
    const reader = proofReaders[target];
    const file = shipped.find((file) => reader?.reads(file.path) && !file.path.endsWith(".tar.gz"));
    if (shared === undefined || reader === undefined || file === undefined) return t.fail("nothing is emitted");
    const text = textOf(shared);
    let mutants = 0;
    for (const mutant of mutantsOf(text, { at: 0, text })) {
      mutants += 1;
      const emitted = replaced(shipped, { path: shared.path, content: mutant.text });
      const { outcome } = proveFile(allowed, reader, file, { shipped, emitted });
      if (outcome !== "unreadable") t.fail(mutant.place);
    }
    t.true(mutants > 5_000, String(mutants));
  });
}

test("the bundle for OPA holds what stands beside it, so that what is found in one is found in both", (t) => {
  for (const policy of policies) {
    const files = emittedFor(policy, "opa");
    const [bundle, data] = ["bundle.tar.gz", "data.json"].map((name) => files.find(({ path }) => path.endsWith(name)));
    if (bundle === undefined || data === undefined) return t.fail("nothing is emitted");
    t.deepEqual(
      readBundle([{ name: bundle.path, content: bundle.content }]).data,
      JSON.parse(textOf(data)),
      policy.name,
    );
  }
});
