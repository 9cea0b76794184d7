import { readFileSync } from "node:fs";

/** What Linux counts in: `USER_HZ`, which is 100 on every architecture that Node runs on. */
const microsecondsPerTick = 10_000;

/**
 * The processor's time that a process and those that it started have taken so far, in microseconds; of Linux alone.
 *
 * @throws Error where one of them has ended.
 */
export function processorTime(pid) {
  if (process.platform !== "linux") return Number.NaN;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return [pid, ...children.filter((child) => child !== "")].map(ticks).reduce((sum, ticks) => sum + ticks, 0);
}

/** proc_pid_stat(5): after the name, which may hold anything, user and system are the 12th and 13th. */
function ticks(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick;
}
