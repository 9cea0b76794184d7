import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { HostError } from "./host-error.js";

/** The environment variable that names a binary to use instead of the installed one. */
export const hostVariable = "REGISTRY_POLICY_HOST";

const binaryName = process.platform === "win32" ? "registry-policy-host.exe" : "registry-policy-host";

/**
 * The path of the host's binary: the one that `REGISTRY_POLICY_HOST` names, else that of the package for this platform,
 * else the one that was built in this repository.
 *
 * @throws HostError `host-missing` if there is none, with each way to get one
 */
export function findHost(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment[hostVariable];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new HostError(
      "host-missing",
      `there is no engine host at \`${named}\`, where \`${hostVariable}\` says it is`,
      `correct the variable, or unset it to use the installed host`,
    );
  }
  const found = installedHost() ?? builtHost();
  if (found !== undefined) return found;
  throw new HostError("host-missing", `there is no engine host for ${process.platform} ${process.arch}`, waysToAHost());
}

/** The package for this platform, which is an optional dependency of the published packages. */
function platformPackage(): string {
  return `@registry-policy/host-${process.platform}-${process.arch}`;
}

function installedHost(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`${platformPackage()}/bin/${binaryName}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw error;
  }
}

function builtHost(): string | undefined {
  const path = fileURLToPath(new URL(`../host/bin/${binaryName}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** Each way to get a host, one a line. */
export function waysToAHost(): string {
  return [
    "in this repository: run `npm run setup`, which builds it with Go",
    `in a project: install \`${platformPackage()}\`, which is left out by \`--omit=optional\` and by a lock file made on another platform`,
    `or set \`${hostVariable}\` to the path of a registry-policy-host`,
  ].join("\n");
}
