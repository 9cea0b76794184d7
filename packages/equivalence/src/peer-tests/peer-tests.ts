import { type Artifact, targets } from "@registry-policy/compiler";
import type { PolicyCases } from "../files/assign-fixtures.js";
import type { ExpectedVerdict } from "../fixtures/fixture.js";
import { gatekeeperTests } from "./gatekeeper-tests.js";
import { kyvernoTests } from "./kyverno-tests.js";
import { opaTests } from "./opa-tests.js";
import type { PolicyTests } from "./policy-tests.js";

/** A case of a peer's test file. */
export interface WrittenCase {
  readonly target: string;
  readonly policy: string;
  /** As the peer's command names it, unique in the tests of one policy. */
  readonly id: string;
  /** Of the fixture. */
  readonly name: string;
  readonly verdict: ExpectedVerdict;
}

/** A fixture that a peer's test file cannot say. */
export interface LeftOutCase {
  readonly target: string;
  readonly policy: string;
  readonly name: string;
  /** What of it cannot be said, in a few words. */
  readonly why: string;
}

/** Fixtures as tests that the engines' own commands run. */
export interface PeerTests {
  /** The paths begin with their target's folder, as those of what is tested: `gatekeeper/tests/p/suite.yaml`. */
  readonly artifacts: readonly Artifact[];
  readonly written: readonly WrittenCase[];
  readonly leftOut: readonly LeftOutCase[];
}

const makers: Readonly<Record<string, (policyCases: PolicyCases) => PolicyTests>> = {
  "kyverno-cluster-policy": (policyCases) => kyvernoTests("cluster-policy", policyCases),
  "kyverno-validating-policy": (policyCases) => kyvernoTests("validating-policy", policyCases),
  gatekeeper: (policyCases) => gatekeeperTests("rego", policyCases),
  "gatekeeper-cel": (policyCases) => gatekeeperTests("cel", policyCases),
  opa: opaTests,
};

/** The targets whose engines have a command that runs tests, in the order in which targets are listed. */
export const testedTargets: readonly string[] = targets.map(({ id }) => id).filter((id) => Object.hasOwn(makers, id));

/**
 * Writes the fixtures of policies as the tests of the engines' own commands: `kyverno test`, `gator verify`,
 * `opa test`. They test the files of the target's folder where they stand.
 *
 * @param policies with their fixtures; one without any gets no tests.
 * @param chosen ids of targets; those without a command are passed over.
 * @returns every fixture, for each of the targets either as a case or as left out.
 */
export function peerTests(policies: readonly PolicyCases[], chosen: readonly string[]): PeerTests {
  const made = testedTargets
    .filter((target) => chosen.includes(target))
    .flatMap((target) =>
      policies
        .filter(({ cases }) => cases.length > 0)
        .flatMap((policyCases) => {
          const tests = makers[target]?.(policyCases);
          return tests === undefined ? [] : [{ target, policy: policyCases.found.policy.name, tests }];
        }),
    );
  return {
    artifacts: made.flatMap(({ target, policy, tests }) =>
      tests.artifacts.map(({ path, content }) => ({ path: `${target}/tests/${policy}/${path}`, content })),
    ),
    written: made.flatMap(({ target, policy, tests }) =>
      tests.written.map(({ id, fixture: { name, expect } }) => ({ target, policy, id, name, verdict: expect.verdict })),
    ),
    leftOut: made.flatMap(({ target, policy, tests }) =>
      tests.leftOut.map(({ fixture: { name }, why }) => ({ target, policy, name, why })),
    ),
  };
}
