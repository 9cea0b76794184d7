import type { PolicyProof, PolicyProofs } from "../prove-policies.js";

/** What a check proved, as the field `proofs` of `check --output json`. */
export function reportedProofs({ proofs }: PolicyProofs): object[] {
  return proofs.map((proof) => ({
    policy: proof.policy,
    target: proof.target,
    file: proof.file,
    outcome: proof.outcome,
    image: proof.outcome === "different" ? proof.image : null,
    allowedBy: proof.outcome === "different" ? proof.allowedBy : null,
    problem: problemOf(proof),
    assumptions: proof.assumptions,
  }));
}

function problemOf(proof: PolicyProof): string | null {
  return proof.outcome === "unreadable" || proof.outcome === "too-large" ? proof.problem : null;
}
