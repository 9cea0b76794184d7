import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { loadTemplates, targetById } from "@registry-policy/compiler";
import { readBundle } from "@registry-policy/engines";
import {
  cutShortDiagnostics,
  type Diagnostic,
  duplicateNames,
  maximumFileLength,
  type Policy,
  parsePolicies,
  renderDiagnostic,
  type Standing,
  standingOf,
} from "@registry-policy/language";
import { type PolicySource, ServeError } from "./policy-source.js";
import { readPolicyData } from "./read-policy-data.js";

/** Policies that were read, and what is to be said of them. */
export interface ReadSources {
  readonly sources: readonly PolicySource[];
  /** Rendered, each of some lines. */
  readonly warnings: readonly string[];
}

/**
 * Reads what is to be served: bundles (`*.tar.gz`) as they are, policies (YAML) compiled to the same bundle in memory.
 * Of a directory, what is in it by these names; other kinds of YAML are left alone, but for what was cut
 * before it could say what it is, and so are hidden files and directories (a mounted ConfigMap has its files in one, and
 * links to them).
 *
 * @param served what is served by now: a file of it that is still there, and of which nothing is left, was emptied or
 *   written over by something else. A policy is taken back by removing its file.
 * @throws ServeError where something cannot be read or used: then nothing of it is.
 */
export async function readSources(
  paths: readonly string[],
  served: readonly PolicySource[] = [],
): Promise<ReadSources> {
  const sources: PolicySource[] = [];
  const policies: { policy: Policy; path: string }[] = [];
  const names: Parameters<typeof duplicateNames>[0][number][] = [];
  const diagnostics: Diagnostic[] = [];
  const standings: Standing[] = [];
  const listed = await listSources(paths);
  for (const { path, isNamed } of listed) {
    const bytes = await read(path);
    if (isBundle(path)) {
      sources.push(bundleSource(path, bytes));
      continue;
    }
    const text = new TextDecoder().decode(bytes);
    if (!isNamed) standings.push(standingOf({ file: path, text }));
    const parsed = parsePolicies({ text, file: path, foreign: isNamed ? "error" : "ignore" });
    diagnostics.push(...parsed.diagnostics);
    names.push(...parsed.names);
    policies.push(...parsed.policies.map((policy) => ({ policy, path })));
  }
  diagnostics.push(...duplicateNames(names), ...cutShortDiagnostics(standings));
  refuseErrors(diagnostics);
  for (const { policy, path } of policies) {
    const emission = opa().emit(policy, loadTemplates());
    refuseErrors(emission.diagnostics);
    const bundle = emission.artifacts.find((artifact) => isBundle(artifact.path));
    if (bundle === undefined) throw new Error(`no bundle was made of \`${path}\``);
    sources.push(bundleSource(path, bundle.content));
  }
  if (sources.length === 0) {
    const named = paths.map((path) => `\`${path}\``).join(", ");
    throw new ServeError(
      `there is no policy in ${named}`,
      "name a file with `kind: RegistryPolicy`, a `bundle.tar.gz`, or a directory with some",
    );
  }
  const lost = listed.find(({ path }) => isOrigin(served, path) && !isOrigin(sources, path));
  if (lost !== undefined) {
    throw new ServeError(
      `there is no policy left in \`${lost.path}\``,
      "remove the file to serve its policy no longer",
    );
  }
  return { sources, warnings: diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)) };
}

/**
 * A text that changes where a file that `readSources` would read does: what is there, which file it is, how long and
 * since when. A path that is not there is part of it.
 */
export async function sourcesState(paths: readonly string[]): Promise<string> {
  const listed = await Promise.all(
    paths.map(async (path) => {
      const entries = await readdir(path).catch(() => []);
      return [path, ...entries.filter(isSource).map((entry) => join(path, entry))];
    }),
  );
  return (await Promise.all(listed.flat().map(fileState))).join("\n");
}

/** A text that changes where a file does. Links are followed: a renewed Secret is a link to another file. */
export async function fileState(path: string): Promise<string> {
  const facts = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => error.code ?? "unreadable");
  if (typeof facts === "string") return `${path} ${facts}`;
  return facts.isDirectory()
    ? path
    : `${path} ${facts.dev} ${facts.ino} ${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`;
}

const isOrigin = (sources: readonly PolicySource[], path: string) => sources.some(({ origin }) => origin === path);

interface ListedSource {
  readonly path: string;
  readonly isNamed: boolean;
}

async function listSources(paths: readonly string[]): Promise<ListedSource[]> {
  const listed: ListedSource[] = [];
  for (const path of paths) {
    const facts = await stat(path).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    if (!facts.isDirectory()) {
      listed.push({ path, isNamed: true });
      continue;
    }
    const entries = await readdir(path).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    listed.push(
      ...entries
        .filter(isSource)
        .sort()
        .map((entry) => ({ path: join(path, entry), isNamed: false })),
    );
  }
  return listed;
}

const isBundle = (path: string) => path.endsWith(".tar.gz");
const isSource = (entry: string) => !entry.startsWith(".") && /\.(ya?ml|tar\.gz)$/.test(entry);

/** Larger than any policy and any bundle that is of use. */
const maximumBytes = maximumFileLength * 4;

async function read(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > maximumBytes) {
      throw new ServeError(`\`${path}\` has ${size} bytes, where ${maximumBytes} are the limit`, "name another file");
    }
    return await readFile(path);
  } catch (error) {
    throw error instanceof ServeError ? error : unreadable(path, error);
  }
}

function bundleSource(path: string, content: string | Uint8Array): PolicySource {
  try {
    const { wasm, data } = readBundle([{ name: "bundle.tar.gz", content }]);
    return { name: readPolicyData(data).name, origin: path, wasm, data };
  } catch (error) {
    throw new ServeError(
      `the bundle \`${path}\` cannot be served: ${(error as Error).message}`,
      "serve the `bundle.tar.gz` that `registry-policy generate` writes for the target `opa`",
    );
  }
}

function opa() {
  const target = targetById("opa");
  if (target === undefined) throw new Error("the compiler has no target `opa`");
  return target;
}

function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  const rendered = errors.slice(0, 20).map((diagnostic) => renderDiagnostic(diagnostic));
  const count = errors.length === 1 ? "an error" : `${errors.length} errors`;
  throw new ServeError(`there is ${count} in the policies:\n${rendered.join("\n\n")}`, "correct the policy");
}

function unreadable(path: string, error: unknown): ServeError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new ServeError(`there is no \`${path}\``, "check the path");
  return new ServeError(`\`${path}\` cannot be read: ${message}`, "check the path and its permissions");
}
