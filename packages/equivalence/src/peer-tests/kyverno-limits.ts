import { imageFields, isObject, type Kind, kinds, ownProperty, type Policy } from "@registry-policy/language";
import type { FixtureCase } from "../fixtures/fixture.js";
import { hasLoneSurrogate } from "./has-lone-surrogate.js";

/** The kinds of policy that `kyverno test` tests. */
export type KyvernoKind = "cluster-policy" | "validating-policy";

/**
 * Why `kyverno test` cannot say a fixture, in a few words; `undefined` if it can.
 *
 * It makes requests of manifests (cmd/cli/kubectl-kyverno/processor/policy_processor.go): with an operation, but
 * without a sub-resource, and with an old object that is always the new one.
 */
export function whyKyvernoCannotSay(kind: KyvernoKind, policy: Policy, fixture: FixtureCase): string | undefined {
  const { request, namespaceLabels } = fixture.review;
  const { operation, object, oldObject, subResource } = request;
  if (subResource !== undefined && subResource !== "") return `the sub-resource ${subResource}`;
  if (!["CREATE", "UPDATE", "DELETE"].includes(operation)) return `the operation ${operation}`;
  if (operation === "UPDATE" && JSON.stringify(object) !== JSON.stringify(oldObject)) {
    return "an UPDATE from another object";
  }
  const selector = policy.match.namespaceSelector;
  if (selector !== undefined && namespaceLabels === null) return "unknown labels";
  const known = kindOf(request.kind);
  if (known === undefined) return `the kind ${request.kind.kind}`;
  if (hasLoneSurrogate(request)) return "a text that YAML cannot say";
  if (!fitsTypes(known, object ?? oldObject)) return "an object that is not of the types of the API";
  // It drops the answer of a ValidatingPolicy that selects and does not judge, and then misses the resource.
  if (kind === "validating-policy" && selector !== undefined && fixture.expect.verdict === "out-of-scope") {
    return "out of the scope of a ValidatingPolicy with a selector";
  }
  return undefined;
}

function kindOf({ group, kind }: { readonly group: string; readonly kind: string }): Kind | undefined {
  return Object.hasOwn(kinds, kind) && kinds[kind as Kind].group === group ? (kind as Kind) : undefined;
}

/** Whether what matters here has the types of the API: the command reads manifests into these, and stops at others. */
function fitsTypes(kind: Kind, object: unknown): boolean {
  const metadata = ownProperty(object, "metadata");
  const isTyped =
    isObject(object) &&
    (metadata === undefined || isObject(metadata)) &&
    isTextMap(ownProperty(metadata, "annotations"));
  return (
    isTyped &&
    imageFields(kind, object).every(
      ({ field, image }) => typeof image === "string" || (image == null && /ontainers\[\d+\]\.image$/.test(field)),
    )
  );
}

function isTextMap(value: unknown): boolean {
  return value == null || (isObject(value) && Object.values(value).every((text) => typeof text === "string"));
}
