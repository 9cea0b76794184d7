import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError } from "./input-error.js";

/** A file that was found. */
export interface FoundFile {
  /** As the user would name it: the path that was given, and what is below it. */
  readonly path: string;
  /** Whether it was named by itself, and not found in a directory. */
  readonly isNamed: boolean;
  /** The names of the directories in which it was found, the one that was named first. */
  readonly folders: readonly string[];
}

/** Directories of other tools, in which nothing of ours is. */
const skipped = new Set(["node_modules", "vendor"]);

const maximumDepth = 64;

/**
 * The YAML and JSON files of paths, a directory being read recursively and in the order of names. Hidden directories
 * and `node_modules` are left out; so are links to directories, which may go round in circles.
 *
 * @throws InputError for a path that is not there or cannot be read, and for a link in a directory that points nowhere.
 */
export async function listFiles(paths: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const path of paths) {
    const facts = await stat(path).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    if (facts.isDirectory()) await walk(path, [basename(path)], found);
    else found.push({ path, isNamed: true, folders: [basename(dirname(path))] });
  }
  const seen = new Set<string>();
  return found.filter(({ path }) => {
    const key = join(path);
    return seen.has(key) ? false : seen.add(key);
  });
}

async function walk(directory: string, folders: readonly string[], found: FoundFile[]): Promise<void> {
  if (folders.length > maximumDepth) {
    const help = "name the directory that you meant";
    throw new InputError(`directories are nested more than ${maximumDepth} deep at \`${directory}\``, help);
  }
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(directory, error);
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && !skipped.has(entry.name)) await walk(path, [...folders, entry.name], found);
    } else if (/\.(ya?ml|json)$/i.test(entry.name) && (await isFile(path, entry.isFile()))) {
      found.push({ path, isNamed: false, folders });
    }
  }
}

/** A link counts as what it points to. One that points nowhere is left out if it is hidden, as Emacs's locks are. */
async function isFile(path: string, isPlain: boolean): Promise<boolean> {
  if (isPlain) return true;
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const isDangling = error.code === "ENOENT" || error.code === "ELOOP";
    if (isDangling && basename(path).startsWith(".")) return undefined;
    if (isDangling) throw new InputError(`\`${path}\` is a link to nothing`, "mend it, or remove it");
    throw unreadable(path, error);
  });
  return facts?.isFile() ?? false;
}

/** What to say of a path that cannot be read. */
export function unreadable(path: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new InputError(`there is no \`${path}\``, "check the path");
  if (code === "EACCES" || code === "EPERM") {
    return new InputError(`\`${path}\` may not be read`, "check its permissions");
  }
  return new InputError(`\`${path}\` cannot be read: ${message}`, "check the path");
}
