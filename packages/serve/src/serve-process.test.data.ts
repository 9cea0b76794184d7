import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import type { ServeOptions } from "./serve.js";

type Line = Readonly<Record<string, unknown>>;

/** A process that serves. */
export interface ServeProcess {
  readonly child: ChildProcess;
  readonly port: number;
  readonly lines: readonly Line[];
  /** What it said beside its log. */
  readonly words: readonly string[];
  /** The first line of the log that is so, among those that came and those that will. */
  line(isIt: (line: Line) => boolean): Promise<Line>;
  /** With what it ended. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

const longest = 60_000;

export async function serveProcess(t: ExecutionContext, options: Partial<ServeOptions>): Promise<ServeProcess> {
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL("serve-main.test.data.js", import.meta.url)),
      JSON.stringify({ host: "127.0.0.1", port: 0, workers: 2, drain: 0, watch: 50, ...options }),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const words: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words.push(text);
    process.stderr.write(text);
  });
  t.teardown(() => child.kill("SIGKILL"));
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push(JSON.parse(text));
    for (const look of waiting) look();
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  const line = (isIt: (line: Line) => boolean) =>
    new Promise<Line>((resolve, reject) => {
      void ended.then(() => reject(new Error(`it ended without such a line: ${JSON.stringify(lines)}`)));
      const stop = setTimeout(() => reject(new Error(`no such line: ${JSON.stringify(lines)}`)), longest);
      const look = () => {
        const found = lines.find(isIt);
        if (found === undefined) return;
        clearTimeout(stop);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const { url } = await line(({ msg }) => msg === "serving");
  return { child, port: Number(new URL(String(url)).port), lines, words, line, ended };
}

/** A directory that is gone after the test. */
export async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "registry-policy-serve-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}
