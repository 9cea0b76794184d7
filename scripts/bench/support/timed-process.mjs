import { spawn } from "node:child_process";

/**
 * Runs a process to its end.
 *
 * @returns its time on the wall in milliseconds, its exit code, and what it wrote to standard output.
 */
export function timedProcess(program, words, { cwd, input } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, words, { cwd, stdio: ["pipe", "pipe", "ignore"] });
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ milliseconds: performance.now() - start, code, output: Buffer.concat(output).toString() }),
    );
    child.stdin.end(input);
  });
}
