import { isObject, ownProperty, valueAt } from "@registry-policy/language";

/** What is read of a policy's `data.json` beside what its wasm reads: what tells that it does not apply. */
export interface PolicyFacts {
  readonly name: string;
  /** The group of each kind. */
  readonly kinds: ReadonlyMap<string, string>;
  readonly namespaces: readonly string[];
  readonly excludeNamespaces: readonly string[];
  /** Whether it exempts anybody: otherwise who asks decides nothing. */
  readonly exemptsUsers: boolean;
  /** The annotation that lifts the policy from an object. */
  readonly breakGlassAnnotation?: string;
}

/**
 * Reads the data of a bundle that `registry-policy generate` wrote for the target `opa`: it holds one policy.
 *
 * @param data `data.json`, any JSON object.
 * @throws Error if it is something else: a webhook that does not know what it serves would admit everything.
 */
export function readPolicyData(data: unknown): PolicyFacts {
  const policies = valueAt(data, ["registry_policy", "policies"]);
  const names = isObject(policies) ? Object.keys(policies) : [];
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new Error(`data.json holds ${names.length} policies below \`registry_policy.policies\`, where one is needed`);
  }
  const policy = ownProperty(policies, name);
  const version = ownProperty(policy, "dataVersion");
  if (version !== 1) throw new Error("data.json was written by another version of registry-policy: generate it again");
  const kinds = valueAt(policy, ["match", "kinds"]);
  const namespaces = valueAt(policy, ["match", "namespaces"]);
  const excludeNamespaces = valueAt(policy, ["match", "excludeNamespaces"]);
  const users = valueAt(policy, ["exempt", "users"]);
  const groups = valueAt(policy, ["exempt", "groups"]);
  const annotation = valueAt(policy, ["exempt", "breakGlass", "annotation"]);
  if (!isObject(kinds) || !isTexts(Object.values(kinds)) || !isTexts(namespaces) || !isTexts(excludeNamespaces)) {
    throw new Error(`data.json does not say what the policy \`${name}\` matches: generate it again`);
  }
  return {
    name,
    kinds: new Map(Object.entries(kinds) as [string, string][]),
    namespaces,
    excludeNamespaces,
    exemptsUsers: !isEmptyList(users) || !isEmptyList(groups),
    ...(typeof annotation === "string" && { breakGlassAnnotation: annotation }),
  };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
