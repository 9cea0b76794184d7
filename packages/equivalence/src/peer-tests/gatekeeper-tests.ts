import { type Artifact, resourceText } from "@registry-policy/compiler";
import { isObject, ownProperty, type Policy, type Review } from "@registry-policy/language";
import type { PolicyCases } from "../files/assign-fixtures.js";
import type { FixtureCase } from "../fixtures/fixture.js";
import { asciiJson } from "./ascii-json.js";
import { caseIds } from "./case-ids.js";
import { hasLoneSurrogate } from "./has-lone-surrogate.js";
import { labelsInCluster } from "./namespace-labels.js";
import type { PolicyTests } from "./policy-tests.js";

/**
 * Tests for `gator verify`, which takes whole requests, and namespaces from an inventory.
 *
 * @param engine of the constraint template.
 */
export function gatekeeperTests(engine: "rego" | "cel", { found: { policy }, cases }: PolicyCases): PolicyTests {
  const judged = cases.map((fixture) => ({ fixture, why: whyLeftOut(policy, fixture) }));
  const sayable = judged.filter(({ why }) => why === undefined).map(({ fixture }) => fixture);
  const ids = caseIds(
    sayable.map(({ name }) => name),
    "-",
  );
  const written = sayable.map((fixture, index) => ({ id: ids[index] ?? "", fixture }));
  const namespaces = namespaceFiles(written.map(({ fixture }) => fixture.review));
  const suite = {
    apiVersion: "test.gatekeeper.sh/v1alpha1",
    kind: "Suite",
    metadata: { name: policy.name },
    tests: [
      {
        name: policy.name,
        template: "../../constraint-template.yaml",
        constraint: `../../${policy.name}.constraint.yaml`,
        cases: written.map(({ id, fixture }) => ({
          name: id,
          object: `requests/${id}.yaml`,
          inventory: [namespaces.pathOf(fixture.review)],
          assertions: assertionsOf(engine, fixture),
        })),
      },
    ],
  };
  const header = `# The fixtures of the policy ${policy.name}, for Gatekeeper's own command: gator verify suite.yaml\n`;
  const artifacts = [
    { path: "suite.yaml", content: header + resourceText(suite) },
    ...written.map(({ id, fixture }) => ({ path: `requests/${id}.yaml`, content: reviewText(fixture) })),
    ...namespaces.artifacts,
  ];
  const leftOut = judged.flatMap(({ fixture, why }) => (why === undefined ? [] : [{ fixture, why }]));
  return { artifacts: written.length === 0 ? [] : artifacts, written, leftOut };
}

/** The Rego has a violation for each image, whose message quotes it; the CEL has one for all. */
function assertionsOf(engine: "rego" | "cel", { expect: { verdict, images = [] } }: FixtureCase): object[] {
  if (verdict !== "deny") return [{ violations: "no" }];
  // Others would be quoted with escapes, or cut.
  const quoted = images.flatMap(({ image = "" }) => (/^[\w./:@-]{1,200}$/.test(image) ? [`"${image}"`] : []));
  const texts = engine === "rego" ? [...new Set(quoted)] : [];
  return [
    { violations: "yes" },
    ...texts.map((text) => ({ violations: "yes", message: text.replace(/[.+]/g, "[$&]") })),
  ];
}

/** gator refuses what the API server would never send, and has to know a namespace to select it. */
function whyLeftOut(policy: Policy, { review }: FixtureCase): string | undefined {
  const { object, oldObject, operation } = review.request;
  if (review.namespaceLabels === null && policy.match.namespaceSelector !== undefined) return "unknown labels";
  if (hasLoneSurrogate(review.request)) return "a text that YAML cannot say";
  // What the API server does not know from a Go type it does not send: pkg/gator/verify/runner.go decodes both.
  for (const one of [object, oldObject]) {
    if (one !== undefined && !isObject(one)) return "an object that is none";
    const metadata = ownProperty(one, "metadata");
    if (metadata !== undefined && !isObject(metadata)) return "an object without readable metadata";
  }
  if (operation === "CONNECT" && object === undefined && oldObject === undefined) return "a request without an object";
  return undefined;
}

function reviewText({ name, review }: FixtureCase): string {
  const content = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: review.request };
  return `# ${asciiJson(name)}\n${resourceText(content)}`;
}

/** One file for each namespace in each state of its labels. */
function namespaceFiles(reviews: readonly Review[]): {
  readonly artifacts: readonly Artifact[];
  pathOf(review: Review): string;
} {
  const texts = [...new Set(reviews.map(namespaceText))];
  const ids = caseIds(
    texts.map((text) => /^ {2}name: "?([a-z0-9-]*)/m.exec(text)?.[1] ?? ""),
    "-",
  );
  const paths = new Map(texts.map((text, index) => [text, `namespaces/${ids[index]}.yaml`]));
  return {
    artifacts: [...paths].map(([content, path]) => ({ path, content })),
    pathOf: (review) => paths.get(namespaceText(review)) ?? "",
  };
}

function namespaceText(review: Review): string {
  return resourceText({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: review.request.namespace, labels: labelsInCluster(review) },
  });
}
