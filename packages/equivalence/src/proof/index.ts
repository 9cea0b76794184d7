export type { Proof, ProofOutcome, ProvableFile } from "./proof.js";
export { proofReaders, proofsOf } from "./prove-policy.js";
