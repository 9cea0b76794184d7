import type { Policy } from "@registry-policy/language";
import { resourceText } from "../../resource-text.js";

/**
 * The `kustomization.yaml` of the folder: ConfigMaps as kube-mgmt loads them, the Rego once and the data of each policy.
 * kube-mgmt puts a file below `data.<namespace>.<config map>.<file>`, and the Rego looks below `data.opa`.
 *
 * @param policies at least one.
 */
export function kustomization(policies: readonly Policy[]): string {
  const [first] = policies;
  const generators = [
    {
      name: "registry-policy",
      files: [`policy.rego=${first?.name}/policy.rego`],
      options: { labels: { "openpolicyagent.org/policy": "rego" } },
    },
    ...policies.map(({ name, labels, annotations }) => ({
      name: `registry-policy-${name}`,
      files: [`data.json=${name}/data.json`],
      options: {
        labels: { ...labels, "openpolicyagent.org/data": "opa" },
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
    })),
  ];
  const document = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    namespace: "opa",
    // With a hash in its name, the data of an older policy would stay loaded.
    generatorOptions: { disableNameSuffixHash: true },
    configMapGenerator: generators,
  };
  return resourceText(document);
}
