import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type PolicySource, ServeError } from "./policy-source.js";

/** In milliseconds: it takes a fraction of a second, and longer where a machine is busy. */
const longestTrial = 20_000;

/** What the thread says: what is wrong with the policies, or `null`. */
export type TrialAnswer = Pick<ServeError, "message" | "help"> | null;

/**
 * Tries whether policies can be served, in a thread that can be ended: wasm that does not come back would else hold up
 * the process that tells the others what to do, which takes in every connection. The thread is kept for the next trial.
 *
 * @param patience in milliseconds.
 * @returns takes policies, one set after the other; throws ServeError if one of them is of no use, or two have one name.
 */
export function policyTrial(patience = longestTrial): (sources: readonly PolicySource[]) => Promise<void> {
  let thread: Worker | undefined;
  return async (sources) => {
    thread ??= new Worker(new URL("try-policies-thread.js", import.meta.url));
    const problem = await answer(thread, sources, patience).catch(async (error: unknown) => {
      await thread?.terminate();
      thread = undefined;
      throw error;
    });
    if (problem !== null) throw new ServeError(problem.message, problem.help);
  };
}

/** @throws if the thread has no answer, and so is of no more use. */
async function answer(thread: Worker, sources: readonly PolicySource[], patience: number): Promise<TrialAnswer> {
  const trial = new AbortController();
  const { signal } = trial;
  thread.ref();
  try {
    thread.postMessage(sources);
    return await Promise.race([
      once(thread, "message", { signal }).then(([said]) => said as TrialAnswer),
      sleep(patience, undefined, { signal }).then(() => {
        throw unanswered(sources, patience);
      }),
    ]);
  } finally {
    trial.abort();
    // It ends with the process.
    thread.unref();
  }
}

function unanswered(sources: readonly PolicySource[], patience: number): ServeError {
  const names = sources.map(({ name }) => `\`${name}\``).join(", ");
  return new ServeError(
    `of the policies ${names}, one does not say in ${patience / 1000} s what it judges`,
    "serve the `bundle.tar.gz` that `registry-policy generate` writes",
  );
}
