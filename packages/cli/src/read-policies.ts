import type { Diagnostic, Policy, PolicyName, Standing } from "@registry-policy/language";
import pMap from "p-map";
import { filesAtOnce } from "./files-at-once.js";
import { UsageError } from "./usage-error.js";

/** What `-` becomes on a command line: yargs takes a `-` alone for an option without a name, and drops it. */
export const standardInput = "/dev/stdin";

/** What policies were read, and what is wrong with them. */
export interface ReadPolicies {
  readonly policies: readonly Policy[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the policies of files, directories and standard input. A file that is named by itself must hold some; in a
 * directory, other files are left alone, but for what was cut before it could say what it is.
 *
 * @throws InputError for a path that cannot be read, UsageError where nothing that was named holds a policy.
 */
export async function readPolicies(paths: readonly string[]): Promise<ReadPolicies> {
  const [{ cutShortDiagnostics, duplicateNames, parsePolicies, standingOf }, { listFiles, readText }] =
    await Promise.all([import("@registry-policy/language"), import("@registry-policy/equivalence/files")]);
  const policies: Policy[] = [];
  const diagnostics: Diagnostic[] = [];
  const names: PolicyName[] = [];
  const standings: Standing[] = [];
  const add = (parsed: ReturnType<typeof parsePolicies>) => {
    policies.push(...parsed.policies);
    diagnostics.push(...parsed.diagnostics);
    names.push(...parsed.names);
  };
  if (paths.includes(standardInput)) {
    add(parsePolicies({ text: await readStandardInput(), file: "standard input", foreign: "error" }));
  }
  const files = await listFiles(paths.filter((path) => path !== standardInput));
  const read = async ({ path, isNamed }: (typeof files)[number]) => {
    const text = await readText(path);
    const parsed = parsePolicies({ text, file: path, foreign: isNamed ? "error" : "ignore" });
    return { parsed, standing: isNamed ? [] : [standingOf({ file: path, text })] };
  };
  for (const { parsed, standing } of await pMap(files, read, { concurrency: filesAtOnce })) {
    add(parsed);
    standings.push(...standing);
  }
  diagnostics.push(...cutShortDiagnostics(standings));
  if (policies.length === 0 && diagnostics.length === 0) {
    const named = paths.map((path) => `\`${path}\``).join(", ");
    throw new UsageError(`there is no policy in ${named}`, "name a file or a directory with `kind: RegistryPolicy`");
  }
  return { policies, diagnostics: [...diagnostics, ...duplicateNames(names)] };
}

/**
 * The one policy that a command works with.
 *
 * @param name as in `--name`, for a file that holds several.
 * @throws UsageError if it is not clear which.
 */
export function choosePolicy(policies: readonly Policy[], name: string | undefined): Policy {
  const candidates = name === undefined ? policies : policies.filter((policy) => policy.name === name);
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const names = policies.map((policy) => `\`${policy.name}\``).slice(0, 20);
  if (only === undefined) throw new UsageError(`there is no policy \`${name}\``, `write one of ${names.join(", ")}`);
  throw new UsageError(
    `there are ${candidates.length} policies, where one is needed`,
    `choose with \`--name\`: ${names.join(", ")}`,
  );
}

/** Larger than any file that is read as a policy. */
const maximumBytes = 64 * 1024 * 1024;

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > maximumBytes) throw new UsageError("standard input is larger than 64 MiB", "pipe a policy into it");
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
