import { dirname, relative, resolve } from "node:path";
import type { Diagnostic } from "@registry-policy/language";
import type { FixtureCase } from "../fixtures/fixture.js";
import { diagnosticOf, type FixtureProblem } from "../fixtures/fixture-diagnostic.js";
import type { Discovery, FoundFixtures, FoundPolicy } from "./discover.js";

/** A policy and every case that is for it. */
export interface PolicyCases {
  readonly found: FoundPolicy;
  readonly cases: readonly FixtureCase[];
}

/**
 * Gives each set of fixtures to its policy: the one that it names, else the only one in its folder, or in the nearest
 * folder above that has any, else the only one there is.
 *
 * @returns every policy, in the order in which they were found, and what is wrong with sets that are for none.
 */
export function assignFixtures({ policies, fixtures }: Discovery): {
  readonly assigned: readonly PolicyCases[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const cases = new Map<FoundPolicy, FixtureCase[]>(policies.map((policy) => [policy, []]));
  const served = new Set<FoundPolicy>();
  for (const set of fixtures) {
    const chosen = choosePolicy(set, policies);
    if ("problem" in chosen) diagnostics.push(diagnosticOf(set.set.place, chosen.problem));
    else {
      cases.get(chosen.policy)?.push(...set.set.cases);
      served.add(chosen.policy);
    }
  }
  for (const { policy, name } of policies.filter((found) => fixtures.length > 0 && !served.has(found))) {
    const message = `the policy \`${policy.name}\` has no fixtures: nothing is known of what it decides`;
    const help = "write a document of `kind: Fixtures` beside it, or manifests in folders named `allow` and `deny`";
    diagnostics.push(diagnosticOf(name.place, { code: "policy-without-fixtures", message, help }));
  }
  return { assigned: policies.map((found) => ({ found, cases: uniqueNames(cases.get(found) ?? []) })), diagnostics };
}

type Choice = { readonly policy: FoundPolicy } | { readonly problem: FixtureProblem };

function choosePolicy({ set, directory }: FoundFixtures, policies: readonly FoundPolicy[]): Choice {
  if (set.policy !== undefined) {
    const named = policies.find(({ policy }) => policy.name === set.policy);
    if (named !== undefined) return { policy: named };
    const message = `there is no policy \`${set.policy}\` among the files that were named`;
    return { problem: { code: "unknown-policy", message, help: knownPolicies(policies) } };
  }
  const near = nearestFolder(directory, policies);
  const candidates = near.length > 0 ? near : policies;
  const [only] = candidates;
  if (only === undefined) {
    const message = "there is no policy for these fixtures among the files that were named";
    return { problem: { code: "unknown-policy", message, help: "name the policy's file, or the folder of both" } };
  }
  if (candidates.length === 1) return { policy: only };
  const names = candidates.map(({ policy }) => `\`${policy.name}\``).slice(0, 10);
  const message = `the fixtures are for one of ${candidates.length} policies and do not say for which`;
  const help = `add \`policy:\` with one of ${names.join(", ")}, or give each policy a folder of its own`;
  return { problem: { code: "ambiguous-policy", message, help } };
}

function nearestFolder(directory: string, policies: readonly FoundPolicy[]): FoundPolicy[] {
  const wanted = resolve(directory);
  const above = policies.filter(({ file }) => !relative(resolve(dirname(file)), wanted).startsWith(".."));
  const depth = Math.max(...above.map(({ file }) => resolve(dirname(file)).length));
  return above.filter(({ file }) => resolve(dirname(file)).length === depth);
}

function knownPolicies(policies: readonly FoundPolicy[]): string {
  const names = policies.map(({ policy }) => `\`${policy.name}\``).slice(0, 10);
  return names.length === 0 ? "name the policy's file too" : `write one of ${names.join(", ")}, or name its file too`;
}

/** Sets of several files may use one name twice; a report tells the cases apart by it. */
function uniqueNames(cases: readonly FixtureCase[]): FixtureCase[] {
  const seen = new Set<string>();
  return cases.map((fixture) => {
    let name = fixture.name;
    for (let count = 2; seen.has(name); count += 1) name = `${fixture.name} (${count})`;
    seen.add(name);
    return { ...fixture, name };
  });
}
