export type { Proof, ProofOutcome, ProvableFile } from "./proof.js";
export { proofReaders, provePolicy } from "./prove-policy.js";
