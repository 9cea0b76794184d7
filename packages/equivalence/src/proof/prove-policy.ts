import {
  type Difference,
  differenceInParts,
  given,
  type Language,
  NotAnalysable,
  nothing,
  policyLanguages,
  TooLarge,
  UnknownExpression,
  validReferences,
  withRegistry,
} from "@registry-policy/automata";
import { compilePolicies, loadTemplates, targetById } from "@registry-policy/compiler";
import type { Policy } from "@registry-policy/language";
import { celProof } from "./cel.js";
import { clusterPolicyProof } from "./cluster-policy.js";
import { gatekeeperProof } from "./gatekeeper.js";
import { gatekeeperCelProof } from "./gatekeeper-cel.js";
import { opaProof } from "./opa.js";
import { type Proof, type ProofOutcome, type ProofReader, type ProvableFile, Unreadable } from "./proof.js";

/** How the files of each target are read back. What is emitted for any other target is only tested. */
export const proofReaders: Readonly<Record<string, ProofReader>> = {
  "kyverno-cluster-policy": clusterPolicyProof,
  gatekeeper: gatekeeperProof,
  "gatekeeper-cel": gatekeeperCelProof,
  "kyverno-validating-policy": celProof((path) => path.endsWith(".validating-policy.yaml")),
  "validating-admission-policy": celProof((path) => path.endsWith(".policy.yaml")),
  opa: opaProof,
};

/**
 * Shows for each emitted file that holds the images of a policy that it allows those that the policy allows: it is
 * read back, and its language compared with the policy's.
 *
 * @param emitted what is to be shown right, by paths that begin with the target's folder.
 * @param original what the compiler emits for the policy with its own templates, where that is known.
 * @returns a proof for each file that can be read back, worked out when it is asked for; a target without a reader has
 *   none.
 */
export function* proofsOf(
  policy: Policy,
  emitted: readonly ProvableFile[],
  original?: readonly ProvableFile[],
): Generator<Proof, undefined> {
  const { allowed } = policyLanguages(policy);
  for (const [id, reader] of Object.entries(proofReaders)) {
    const files = below(emitted, id);
    const own = files.filter(({ path }) => reader.reads(path));
    if (own.length === 0) continue;
    const shipped = below(original ?? shippedFiles(policy, id), id);
    for (const file of own) {
      const outcome = proveFile(allowed, reader, file, { shipped, emitted: files });
      yield { target: id, file: file.path, assumptions: reader.assumptions, ...outcome };
    }
  }
}

/**
 * Shows of one file that it allows the images of a language, or the shortest image that says otherwise.
 *
 * @param allowed what the policy allows.
 * @param files of the target: those that were emitted, and those that the compiler emits for the same policy.
 */
export function proveFile(
  allowed: Language,
  reader: ProofReader,
  file: ProvableFile,
  { shipped, emitted }: { readonly shipped: readonly ProvableFile[]; readonly emitted: readonly ProvableFile[] },
): ProofOutcome {
  return outcomeOf(() => {
    const difference = comparedOnce(allowed, reader.allowedImages(file, shipped, emitted));
    if (difference === undefined) return { outcome: "equal" };
    const allowedBy = difference.isIn === "left" ? "policy" : "file";
    return { outcome: "different", image: difference.text, allowedBy };
  });
}

const compared = new WeakMap<Language, WeakMap<Language, { readonly found: Difference | undefined }>>();

function comparedOnce(allowed: Language, read: Language): Difference | undefined {
  const others = compared.get(allowed) ?? new WeakMap<Language, { readonly found: Difference | undefined }>();
  compared.set(allowed, others);
  const known = others.get(read) ?? { found: differenceInParts(allowed, read, partsFor(read)) };
  others.set(read, known);
  return known.found;
}

/**
 * `a.io:44` may become a registry with its port or a name with its tag: apart, no state has to count for both. Where a
 * file says first which images are valid, as a policy does, what is not valid needs no search.
 */
function partsFor(read: Language): Language[] {
  const isOfValid = given(read, validReferences, false) === nothing;
  return isOfValid ? [validReferences, withRegistry] : [withRegistry];
}

function outcomeOf(prove: () => ProofOutcome): ProofOutcome {
  try {
    return prove();
  } catch (error) {
    if (error instanceof TooLarge) return { outcome: "too-large", problem: error.message };
    const isForm = [Unreadable, UnknownExpression, NotAnalysable].some((kind) => error instanceof kind);
    if (isForm && error instanceof Error) return { outcome: "unreadable", problem: error.message };
    throw error;
  }
}

function below(files: readonly ProvableFile[], target: string): ProvableFile[] {
  const folder = `${target}/`;
  return files.flatMap(({ path, content }) =>
    path.startsWith(folder) ? [{ path: path.slice(folder.length), content }] : [],
  );
}

function shippedFiles(policy: Policy, id: string): readonly ProvableFile[] {
  const target = targetById(id);
  return target === undefined
    ? []
    : compilePolicies([policy], { targets: [target], templates: loadTemplates() }).artifacts;
}
