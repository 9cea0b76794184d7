import type { Worker } from "node:cluster";
import type { ToWorker } from "./cluster-messages.js";

/** What processes are asked, each by a number of its own. */
export interface Questions {
  /** Asks every process. Resolves once each has answered, has ended, or has been silent for `patience` milliseconds. */
  ask(workers: Iterable<Worker>, message: (id: number) => ToWorker, patience: number): Promise<void>;
  /** A process answered the question of this number. */
  answered(id: number): void;
}

export function openQuestions(): Questions {
  const open = new Map<number, () => void>();
  let asked = 0;
  const askOne = (worker: Worker, message: (id: number) => ToWorker, patience: number) =>
    new Promise<void>((resolve) => {
      const id = asked++;
      const end = () => {
        clearTimeout(late);
        open.delete(id);
        // A listener that stays would keep what the process was told.
        worker.off("exit", end);
        resolve();
      };
      const late = setTimeout(end, patience).unref();
      open.set(id, end);
      worker.on("exit", end);
      say(worker, message(id));
    });
  return {
    async ask(workers, message, patience) {
      await Promise.all([...workers].map((worker) => askOne(worker, message, patience)));
    },
    answered: (id) => open.get(id)?.(),
  };
}

/** A process that ends while it is told something is replaced by one that knows. */
export function say(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => {});
}
