import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const builtMain = fileURLToPath(new URL("../main.js", import.meta.url));

/** What is published: the same, in a few files. `npm run setup` makes it. */
export const bundledMain = fileURLToPath(new URL("../../bundle/main.js", import.meta.url));

/** Runs the built command as a process of its own, in a directory, with what stands on its standard input. */
export function runCommand(
  words: readonly string[],
  {
    cwd,
    input = "",
    environment = {},
    main = builtMain,
  }: { cwd: string; input?: string; environment?: Readonly<Record<string, string>>; main?: string },
): Promise<Ended> {
  const { NO_COLOR: _, FORCE_COLOR: __, COLUMNS: ___, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], { cwd, env: { ...inherited, ...environment } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    // A command that does not read its input closes it.
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out: String(Buffer.concat(out)), err: String(Buffer.concat(err)) }));
    child.stdin.end(input);
  });
}

/** A directory with files in it, which is gone after the test. */
export async function folderOf(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "registry-policy-cli-"));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

/** Compares a text with a golden file, which `UPDATE_GOLDEN=1` writes anew. */
export async function isGolden(t: ExecutionContext, name: string, text: string): Promise<void> {
  const path = fileURLToPath(new URL(`../../golden/${name}`, import.meta.url));
  if (process.env.UPDATE_GOLDEN === "1") {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  t.is(text, await readFile(path, "utf8"), name);
}
