import { parentPort, workerData } from "node:worker_threads";
import { ServeError } from "./policy-source.js";
import { openPolicies } from "./served-policies.js";

/** Says what is wrong with the policies that it is given, or `null`. */

parentPort?.postMessage(problemOf());

function problemOf(): Pick<ServeError, "message" | "help"> | null {
  try {
    openPolicies(workerData);
    return null;
  } catch (error) {
    if (!(error instanceof ServeError)) throw error;
    return { message: error.message, help: error.help };
  }
}
