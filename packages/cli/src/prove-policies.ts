import { setImmediate } from "node:timers/promises";
import type { EmittedFile, Proof } from "@registry-policy/equivalence";
import type { Policy } from "@registry-policy/language";

/** What was shown about the files of every policy, and for which targets nothing could be. */
export interface PolicyProofs {
  readonly proofs: readonly PolicyProof[];
  /** The titles of the targets whose files are tested alone. */
  readonly tested: readonly string[];
}

export type PolicyProof = Proof & {
  /** The policy's name. */
  readonly policy: string;
  /** The target's title. */
  readonly title: string;
};

/**
 * Reads every emitted file back and compares the images that it allows with the policy's.
 *
 * @param targets ids of the targets that are checked, in the order of reports.
 */
export async function provePolicies(
  policies: readonly { readonly found: { readonly policy: Policy }; readonly emitted: readonly EmittedFile[] }[],
  targets: readonly string[],
): Promise<PolicyProofs> {
  const [{ proofReaders, proofsOf }, { targetById }] = await Promise.all([
    import("@registry-policy/equivalence"),
    import("@registry-policy/compiler"),
  ]);
  const title = (id: string) => targetById(id)?.title ?? id;
  const chosen = [...new Set(targets)];
  const proofs: PolicyProof[] = [];
  for (const { found, emitted } of policies) {
    const { policy } = found;
    for (const proof of proofsOf(policy, emitted, emitted)) {
      proofs.push({ ...proof, policy: policy.name, title: title(proof.target) });
      // Engines that judge meanwhile are not kept waiting for longer than one file takes.
      await setImmediate();
    }
  }
  return { proofs, tested: chosen.filter((id) => !Object.hasOwn(proofReaders, id)).map(title) };
}

/** Whether a file was shown to be wrong, or could not be read back: what was too large to compare is neither. */
export function isBroken({ outcome }: Proof): boolean {
  return outcome === "different" || outcome === "unreadable";
}
