import type { MetricObject } from "prom-client";
import { summed } from "./metrics.js";

/** What several processes have counted, of which each says all that it has whenever it is asked. */
export interface KeptCounts<Process> {
  /** What one has counted by now. */
  add(process: Process, counts: readonly MetricObject[]): void;
  /** It says nothing any more. */
  end(process: Process): void;
  /** What was said last, of those that have ended too: a sum that falls is taken for a restart of everything. */
  read(): Promise<readonly (readonly MetricObject[])[]>;
}

export function keptCounts<Process>(): KeptCounts<Process> {
  const running = new Map<Process, readonly MetricObject[]>();
  let ended: Promise<readonly MetricObject[]> = Promise.resolve([]);
  return {
    add: (process, counts) => void running.set(process, counts),
    end(process) {
      const last = running.get(process);
      running.delete(process);
      if (last !== undefined) ended = ended.then((before) => summed([before, last]));
    },
    async read() {
      const [said, saidBefore] = [[...running.values()], ended];
      return [await saidBefore, ...said];
    },
  };
}
