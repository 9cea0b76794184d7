import { join } from "node:path";

/**
 * Where an artifact is, below the directory.
 *
 * @throws Error for a path that leads out of the directory: no target makes one.
 */
export function inDirectory(directory: string, path: string): string {
  if (path.split("/").some((part) => part === "" || part === "." || part === "..") || path.includes("\\")) {
    throw new Error(`\`${path}\` is no path of an artifact`);
  }
  return join(directory, ...path.split("/"));
}
