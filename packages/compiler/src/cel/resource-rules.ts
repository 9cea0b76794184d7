import { type Kind, kindNames, kinds } from "@registry-policy/language";

/**
 * The rules by which an API server sends a request to a policy: each kind by its own group and resource, on CREATE and
 * UPDATE alone. What adds an ephemeral container is an UPDATE of a sub-resource, which no rule for pods covers.
 */
export function resourceRules(policyKinds: readonly Kind[]): object[] {
  const groups = [...new Set(kindNames.map((kind) => kinds[kind].group))];
  return groups
    .map((group) => policyKinds.filter((kind) => kinds[kind].group === group))
    .filter((kindsOfGroup) => kindsOfGroup.length > 0)
    .map((kindsOfGroup) => ({
      apiGroups: [...new Set(kindsOfGroup.map((kind) => kinds[kind].group))],
      apiVersions: ["v1"],
      operations: ["CREATE", "UPDATE"],
      resources: kindsOfGroup.flatMap((kind) =>
        kind === "Pod" ? ["pods", "pods/ephemeralcontainers"] : [kinds[kind].resource],
      ),
    }));
}
