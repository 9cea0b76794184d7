import { basename, dirname } from "node:path";
import {
  cutShortDiagnostics,
  type Diagnostic,
  duplicateNames,
  type Policy,
  type PolicyName,
  parsePolicies,
  placeIn,
  readDocuments,
  type SourceDocument,
  type Standing,
  standingOf,
} from "@registry-policy/language";
import type { ExpectedVerdict, FixtureSet } from "../fixtures/fixture.js";
import { isFixtures, parseFixtures } from "../fixtures/parse-fixtures.js";
import { parseManifests } from "../fixtures/parse-manifests.js";
import { type FoundFile, listFiles } from "./list-files.js";
import { readText } from "./read-text.js";

export interface FoundPolicy {
  readonly policy: Policy;
  readonly file: string;
  readonly name: PolicyName;
}

export interface FoundFixtures {
  readonly set: FixtureSet;
  readonly file: string;
  /** The directory whose policies they are for. */
  readonly directory: string;
}

export interface Discovery {
  readonly policies: readonly FoundPolicy[];
  readonly fixtures: readonly FoundFixtures[];
  /** What is wrong with policies and with files as a whole; with an error among it, nothing should be judged. */
  readonly policyDiagnostics: readonly Diagnostic[];
  /** What is wrong with fixtures; with an error among it, nothing should be judged. */
  readonly fixtureDiagnostics: readonly Diagnostic[];
}

/**
 * Reads the policies and the fixtures of paths. In a directory whatever is neither is left alone, but for what was cut
 * before it could say what it is; a file that was named by itself must be one of the two.
 *
 * @throws InputError for a path that cannot be read.
 */
export async function discover(paths: readonly string[]): Promise<Discovery> {
  const policies: FoundPolicy[] = [];
  const fixtures: FoundFixtures[] = [];
  const policyDiagnostics: Diagnostic[] = [];
  const fixtureDiagnostics: Diagnostic[] = [];
  const standings: Standing[] = [];
  for (const file of await listFiles(paths)) {
    const text = await readText(file.path);
    if (!file.isNamed && manifestsFolder(file) === undefined) standings.push(standingOf({ file: file.path, text }));
    const found = readOurs(file, text);
    policies.push(...found.policies);
    fixtures.push(...found.fixtures);
    policyDiagnostics.push(...found.policyDiagnostics);
    fixtureDiagnostics.push(...found.fixtureDiagnostics);
  }
  policyDiagnostics.push(...duplicateNames(policies.map(({ name }) => name)), ...cutShortDiagnostics(standings));
  return { policies, fixtures, policyDiagnostics, fixtureDiagnostics };
}

/** What a file holds of ours. */
export function readOurs(found: FoundFile, text: string): Discovery {
  const { path: file, isNamed } = found;
  const manifests = manifestsFolder(found);
  const isOurs = /registry-policy\.dev|RegistryPolicy|Fixtures/.test(text);
  if (!isOurs && manifests === undefined && !isNamed) return nothing;

  const { is } = standingOf({ file, text });
  if (manifests !== undefined && typeof is !== "string") return { ...nothing, fixtureDiagnostics: [is] };

  const read = readDocuments({ text, file });
  const cases = read.documents.filter(isFixtures);
  const others = read.documents.filter((document) => !isFixtures(document));
  const objects = manifests === undefined ? [] : others.filter((document) => !mayBePolicy(document));

  const sets = cases.map(parseFixtures);
  const fixtures = sets.flatMap(({ set }) => (set === undefined ? [] : [{ set, file, directory: dirname(file) }]));
  const fixtureDiagnostics = sets.flatMap((set) => set.diagnostics);
  const [first] = objects;
  if (manifests !== undefined && first !== undefined) {
    const parsed = parseManifests(objects, manifests.name, manifests.verdict);
    const set = { cases: parsed.cases, place: placeIn(first, ["kind"]) };
    fixtures.push({ set, file, directory: manifests.directory });
    fixtureDiagnostics.push(...parsed.diagnostics);
  }
  const isAllRead = read.documents.length > 0 && cases.length + objects.length === read.documents.length;
  if (isAllRead) return { ...nothing, fixtures, fixtureDiagnostics };

  const isStrict = isNamed && cases.length === 0 && objects.length === 0;
  const parsed = parsePolicies({ text, file, foreign: isStrict ? "error" : "ignore" });
  const policies = parsed.policies.flatMap((policy) => {
    const name = parsed.names.find((candidate) => candidate.name === policy.name);
    return name === undefined ? [] : [{ policy, file, name }];
  });
  return { policies, fixtures, policyDiagnostics: parsed.diagnostics, fixtureDiagnostics };
}

const nothing: Discovery = { policies: [], fixtures: [], policyDiagnostics: [], fixtureDiagnostics: [] };

/** What a manifest in the folder `allow` or `deny` nearest to it is named and expected to get. */
function manifestsFolder({
  path,
  folders,
}: FoundFile): { name: string; verdict: ExpectedVerdict; directory: string } | undefined {
  const at = folders.findLastIndex((folder) => folder === "allow" || folder === "deny");
  const verdict = folders[at];
  if (verdict !== "allow" && verdict !== "deny") return undefined;
  // It is no manifest, and every folder that `generate` writes has one.
  if (/^kustomization\.ya?ml$/i.test(basename(path))) return undefined;
  let directory = dirname(path);
  for (let up = folders.length - at; up > 0; up -= 1) directory = dirname(directory);
  return { name: [...folders.slice(at), basename(path)].join("/"), verdict, directory };
}

function mayBePolicy({ kind, apiVersion }: SourceDocument): boolean {
  return kind === "RegistryPolicy" || (typeof apiVersion === "string" && apiVersion.startsWith("registry-policy.dev/"));
}
