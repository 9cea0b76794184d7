import { Worker } from "node:worker_threads";
import { type PolicySource, ServeError } from "./policy-source.js";

/** In milliseconds: it takes a fraction of a second, and longer where a machine is busy. */
const longestTrial = 20_000;

/**
 * Makes sure that policies can be served, in a thread that can be ended: wasm that does not come back would else hold up
 * the process that tells the others what to do, which takes in every connection.
 *
 * @param patience in milliseconds.
 * @throws ServeError if one of them is of no use, or two have one name.
 */
export async function tryPolicies(sources: readonly PolicySource[], patience = longestTrial): Promise<void> {
  const thread = new Worker(new URL("try-policies-thread.js", import.meta.url), { workerData: sources });
  const tried = new Promise<void>((resolve, reject) => {
    thread.on("error", reject);
    thread.on("message", (problem: { message: string; help: string } | null) => {
      if (problem === null) resolve();
      else reject(new ServeError(problem.message, problem.help));
    });
    setTimeout(() => {
      const names = sources.map(({ name }) => `\`${name}\``).join(", ");
      const message = `of the policies ${names}, one does not say in ${patience / 1000} s what it judges`;
      reject(new ServeError(message, "serve the `bundle.tar.gz` that `registry-policy generate` writes"));
    }, patience).unref();
  });
  try {
    await tried;
  } finally {
    await thread.terminate();
  }
}
