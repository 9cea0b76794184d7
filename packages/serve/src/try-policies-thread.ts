import { parentPort } from "node:worker_threads";
import { type PolicySource, ServeError } from "./policy-source.js";
import { openPolicies } from "./served-policies.js";
import type { TrialAnswer } from "./try-policies.js";

/** Says of the policies that it is given what is wrong with them. */

parentPort?.on("message", (sources: readonly PolicySource[]) => parentPort?.postMessage(problemOf(sources)));

function problemOf(sources: readonly PolicySource[]): TrialAnswer {
  try {
    openPolicies(sources);
    return null;
  } catch (error) {
    if (!(error instanceof ServeError)) throw error;
    return { message: error.message, help: error.help };
  }
}
