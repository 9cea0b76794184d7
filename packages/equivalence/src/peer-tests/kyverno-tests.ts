import { resourceText } from "@registry-policy/compiler";
import { isObject, ownProperty } from "@registry-policy/language";
import type { PolicyCases } from "../files/assign-fixtures.js";
import type { ExpectedVerdict } from "../fixtures/fixture.js";
import { asciiJson } from "./ascii-json.js";
import { caseIds } from "./case-ids.js";
import { type KyvernoKind, whyKyvernoCannotSay } from "./kyverno-limits.js";
import { labelsInCluster } from "./namespace-labels.js";
import type { PolicyTests } from "./policy-tests.js";

type Written = PolicyTests["written"][number];

const results: Readonly<Record<ExpectedVerdict, string>> = { allow: "pass", deny: "fail", "out-of-scope": "skip" };

/**
 * Tests for `kyverno test`. One of its documents has one user and knows a namespace in one state: fixtures that differ
 * in these are in several documents of the file.
 */
export function kyvernoTests(kind: KyvernoKind, { found: { policy }, cases }: PolicyCases): PolicyTests {
  const judged = cases.map((fixture) => ({ fixture, why: whyKyvernoCannotSay(kind, policy, fixture) }));
  const sayable = judged.filter(({ why }) => why === undefined).map(({ fixture }) => fixture);
  const ids = caseIds(
    sayable.map(({ name }) => name),
    "-",
  );
  const written = sayable.map((fixture, index) => ({ id: ids[index] ?? "", fixture }));
  const documents = groupsOf(written).map((group, index) => {
    const suffix = index === 0 ? "" : `-${index + 1}`;
    const user = userOf(group);
    const test = {
      apiVersion: "cli.kyverno.io/v1alpha1",
      kind: "Test",
      metadata: { name: `${policy.name}${suffix}` },
      policies: [`../../${policy.name}.${kind}.yaml`],
      resources: [`resources${suffix}.yaml`],
      ...(user !== undefined && { userinfo: `user${suffix}.yaml` }),
      values: { namespaces: namespacesOf(group) },
      results: group.map((entry) => resultOf(kind, policy.name, entry)),
    };
    return {
      test: resourceText(test),
      files: [
        { path: `resources${suffix}.yaml`, content: group.map(manifestOf).join("---\n") },
        ...(user === undefined ? [] : [{ path: `user${suffix}.yaml`, content: resourceText(user) }]),
      ],
    };
  });
  const header = `# The fixtures of the policy ${policy.name}, for Kyverno's own command: kyverno test .\n`;
  const content = header + documents.map(({ test }) => test).join("---\n");
  const artifacts = [{ path: "kyverno-test.yaml", content }, ...documents.flatMap(({ files }) => files)];
  const leftOut = judged.flatMap(({ fixture, why }) => (why === undefined ? [] : [{ fixture, why }]));
  return { artifacts: written.length === 0 ? [] : artifacts, written, leftOut };
}

/** Each case goes to the first group of its user in which its namespace is not known with other labels. */
function groupsOf(written: readonly Written[]): Written[][] {
  const groups: { readonly user: string; readonly namespaces: Map<string, string>; readonly cases: Written[] }[] = [];
  for (const entry of written) {
    const { review } = entry.fixture;
    const { namespace, userInfo } = review.request;
    const user = JSON.stringify(userInfo);
    const labels = JSON.stringify(Object.entries(labelsInCluster(review)).sort());
    let group = groups.find((one) => one.user === user && (one.namespaces.get(namespace) ?? labels) === labels);
    if (group === undefined) {
      group = { user, namespaces: new Map(), cases: [] };
      groups.push(group);
    }
    group.namespaces.set(namespace, labels);
    group.cases.push(entry);
  }
  return groups.map(({ cases }) => cases);
}

function userOf([first]: readonly Written[]): object | undefined {
  const userInfo = first?.fixture.review.request.userInfo ?? {};
  if (Object.keys(userInfo).length === 0) return undefined;
  return { apiVersion: "cli.kyverno.io/v1alpha1", kind: "UserInfo", metadata: { name: "user" }, userInfo };
}

function namespacesOf(group: readonly Written[]): object[] {
  const byName = new Map(
    group.map(({ fixture: { review } }) => [review.request.namespace, labelsInCluster(review)] as const),
  );
  return [...byName].map(([name, labels]) => ({ metadata: { name, labels } }));
}

function resultOf(kind: KyvernoKind, policy: string, { id, fixture }: Written): object {
  const { request } = fixture.review;
  return {
    policy,
    ...(kind === "cluster-policy" ? { rule: "images" } : { isValidatingPolicy: true }),
    kind: request.kind.kind,
    ...(request.operation !== "CREATE" && { operation: request.operation }),
    resources: [`${request.namespace}/${id}`],
    result: results[fixture.expect.verdict],
  };
}

/** The object under the name of its case: the command tells resources apart by their names. */
function manifestOf({ id, fixture }: Written): string {
  const { request } = fixture.review;
  const object = request.object ?? request.oldObject;
  const metadata = ownProperty(object, "metadata");
  const named = {
    ...(isObject(object) ? object : {}),
    metadata: { ...(isObject(metadata) ? metadata : {}), name: id, namespace: request.namespace },
  };
  return `# ${asciiJson(fixture.name)}\n${resourceText(named)}`;
}
