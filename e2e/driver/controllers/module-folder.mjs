import { execFileSync } from "node:child_process";
import { clusterModule } from "../build.mjs";

/**
 * The folder in which Go keeps the source of a module, at the version that the cluster's module has.
 *
 * @param {string} module
 */
export function moduleFolder(module) {
  return execFileSync("go", ["list", "-m", "-f", "{{.Dir}}", module], { cwd: clusterModule, encoding: "utf8" }).trim();
}
