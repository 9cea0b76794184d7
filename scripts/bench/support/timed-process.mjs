import { spawn } from "node:child_process";

/**
 * Runs a process to its end.
 *
 * @param mark a text of its standard output.
 * @returns its time on the wall in milliseconds, the time until the mark was read, its exit code, and its output.
 */
export function timedProcess(program, words, { cwd, input, mark } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, words, { cwd, stdio: ["pipe", "pipe", "ignore"] });
    const output = [];
    let marked;
    child.stdout.on("data", (chunk) => {
      output.push(chunk);
      if (mark !== undefined && marked === undefined && Buffer.concat(output).includes(mark)) {
        marked = performance.now() - start;
      }
    });
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ milliseconds: performance.now() - start, marked, code, output: Buffer.concat(output).toString() }),
    );
    child.stdin.end(input);
  });
}
