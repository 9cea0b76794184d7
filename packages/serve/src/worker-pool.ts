import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { MetricObject } from "prom-client";
import type { Change, FromWorker, ToWorker } from "./cluster-messages.js";
import { keptCounts } from "./kept-counts.js";
import { metricsText } from "./metrics.js";
import { ServeError } from "./policy-source.js";
import { openQuestions, say } from "./questions.js";

/** Processes that answer on one port. */
export interface WorkerPool {
  readonly port: number;
  /** Tells every process of a change. Resolves once all go by it; those that start later are told by `current`. */
  tell(change: Change): Promise<void>;
  /** Tells every process to end, and waits until all have, at most `patience` milliseconds. Returns whether all did. */
  close(patience: number): Promise<boolean>;
}

export interface PoolOptions {
  readonly size: number;
  /** What a process is started with: as things stand when it is. */
  readonly current: () => ToWorker & { readonly type: "start" };
  /** What this process has counted, for `/metrics`, which any of the others may be asked for. */
  readonly counted: () => Promise<MetricObject[]>;
  readonly ended: (why: string) => void;
}

/** A process that says nothing for so long, in milliseconds, hangs and is replaced. */
const longestSilence = 10_000;
const pingEvery = 2_000;
/** Between two attempts to replace a process, in milliseconds: one that cannot start would else take the machine. */
const pause = 1_000;
const longestCount = 2_000;

/**
 * Starts processes that share a port.
 *
 * They are processes and not threads because TLS, HTTP and JSON take more of a review's time than its judgement, and
 * Node can hand a connection to another process only; and because one that runs out of memory leaves the others be.
 *
 * @throws ServeError if the first of them cannot start.
 */
export async function startWorkers({ size, current, counted, ended }: PoolOptions): Promise<WorkerPool> {
  cluster.setupPrimary({ exec: fileURLToPath(new URL("worker.js", import.meta.url)), serialization: "advanced" });
  const workers = new Map<Worker, { heard: number; isListening: boolean }>();
  const questions = openQuestions();
  const counts = keptCounts<Worker>();
  let isStarted = false;
  let isClosing = false;
  let port = current().port;

  /** Of port 0, Node gives all processes the same port, as long as one of them has it. */
  const startMessage = (): ToWorker => {
    const isShared = [...workers.values()].some(({ isListening }) => isListening);
    return isShared ? current() : { ...current(), port };
  };
  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = cluster.fork();
      const state = { heard: Date.now(), isListening: false };
      workers.set(worker, state);
      let why: ServeError | undefined;
      worker.on("message", (message: FromWorker) => {
        state.heard = Date.now();
        if (message.type === "ready") say(worker, startMessage());
        if (message.type === "listening") {
          port = message.port;
          state.isListening = true;
          resolve();
        }
        if (message.type === "failed") why = new ServeError(message.message, message.help);
        if (message.type === "counted" && workers.has(worker)) counts.add(worker, message.metrics);
        if (message.type === "counted" || message.type === "changed") questions.answered(message.id);
        if (message.type === "metrics") {
          const { id } = message;
          void textOfAll().then((text) => say(worker, { type: "metrics", id, text }));
        }
      });
      const end = (error: ServeError) => {
        workers.delete(worker);
        counts.end(worker);
        reject(error);
        if (isClosing || !(isStarted || state.isListening)) return;
        ended(error.message);
        void replace();
      };
      worker.on("exit", (code, signal) => {
        end(why ?? new ServeError(`a process ended with ${signal ?? `exit code ${code}`}`, "its words are above"));
      });
      // Of a process that never was, as where there are too many or no file can be opened: it has no exit.
      worker.on("error", ({ message }: Error) => {
        if (worker.process.pid !== undefined) return;
        end(new ServeError(`a process cannot be started: ${message}`, "raise the limit of processes and open files"));
      });
    });
  let isReplacing = false;
  const replace = async () => {
    if (isReplacing || !isStarted) return;
    isReplacing = true;
    while (!isClosing && workers.size < size) {
      await sleep(pause);
      if (!isClosing) await Promise.allSettled(Array.from({ length: size - workers.size }, start));
    }
    isReplacing = false;
  };

  /** Of a process that does not say in time what it has counted, what it said last. */
  const textOfAll = async () => {
    await questions.ask(workers.keys(), (id) => ({ type: "count", id }), longestCount);
    return metricsText([await counted(), ...(await counts.read())]);
  };

  // One after the other: the port of the first, where any was asked for, is that of all.
  for (let started = 0; started < size; started++) {
    await start().catch(async (error: unknown) => {
      isClosing = true;
      for (const worker of workers.keys()) worker.process.kill("SIGKILL");
      throw error;
    });
  }
  isStarted = true;
  void replace();
  const pings = setInterval(() => {
    for (const [worker, { heard }] of workers) {
      if (Date.now() - heard > longestSilence) worker.process.kill("SIGKILL");
      else say(worker, { type: "ping" });
    }
  }, pingEvery);

  return {
    port,
    tell: (change) => questions.ask(workers.keys(), (id) => ({ type: "change", change, id }), longestSilence),
    async close(patience) {
      isClosing = true;
      clearInterval(pings);
      const gone = Promise.all([...workers.keys()].map((worker) => new Promise((end) => worker.once("exit", end))));
      for (const worker of workers.keys()) say(worker, { type: "close" });
      const isDone = await Promise.race([gone.then(() => true), sleep(patience, false, { ref: false })]);
      for (const worker of workers.keys()) worker.process.kill("SIGKILL");
      return isDone;
    },
  };
}
