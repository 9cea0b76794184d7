import type { Policy } from "@registry-policy/language";
import { resourceRules } from "../../cel/resource-rules.js";
import { emission } from "../../emission.js";
import { metadataOf } from "../../metadata.js";
import { resourceText } from "../../resource-text.js";
import type { Artifact, Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { emit as emitOpa } from "../opa/emit.js";
import { capabilities } from "./capabilities.js";
import { namespaceSelectorOf } from "./namespace-selector.js";

/** The version of the command that is put into the image, with which these files were made. */
export const version = "0.1.0";

/**
 * The bundle that is served, and the configuration by which the API server asks about what the policy may judge.
 *
 * @throws where the package was built without its wasm, or a template is missing.
 */
export function emit(policy: Policy, templates: Templates): Emission {
  const { artifacts, diagnostics } = bundleOf(policy, templates);
  const metadata = metadataOf(policy, annotationKeys, {
    "cert-manager.io/inject-ca-from": "registry-policy/registry-policy-webhook",
  });
  const webhook = templates.render("admission-webhook/webhook.yaml.hbs", {
    name: policy.name,
    metadata,
    rules: resourceRules(policy.match.kinds).map((rule) => ({ ...rule, scope: "Namespaced" })),
    namespaceSelector: namespaceSelectorOf(policy.match),
  });
  const all = [...artifacts, { path: `${policy.name}/webhook.yaml`, content: webhook }];
  return emission(policy, all, capabilities.maximumObjectBytes, diagnostics);
}

/** The server, its certificate and its image, and what to do with them in which order. */
export function emitShared(policies: readonly Policy[], templates: Templates): readonly Artifact[] {
  const values = { version, policies: policies.map(({ name }) => ({ name })) };
  const files = ["server.yaml", "certificate.yaml", "Dockerfile", "README.md"];
  return [
    ...files.map((path) => ({ path, content: templates.render(`admission-webhook/${path}.hbs`, values) })),
    { path: "kustomization.yaml", content: kustomization(policies) },
  ];
}

/** The bundle of the target `opa`, as it is. */
export function bundleOf(policy: Policy, templates: Templates): Emission {
  const { artifacts, diagnostics } = emitOpa(policy, templates);
  return {
    artifacts: artifacts.filter(({ path }) => path.endsWith("/bundle.tar.gz")),
    diagnostics: diagnostics.filter(({ severity }) => severity === "error"),
  };
}

/** The name that the kustomization gives the image: what has to be written into it. */
export const imageOverride = {
  name: "registry-policy",
  newName: "registry.example.com/registry-policy",
  newTag: version,
};

/** The webhook's configurations are not among the resources: nothing answers before the server runs. */
function kustomization(policies: readonly Policy[]): string {
  return resourceText({
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: ["certificate.yaml", "server.yaml"],
    images: [imageOverride],
    configMapGenerator: policies.map(({ name, labels, annotations }) => ({
      name: `registry-policy-${name}`,
      namespace: "registry-policy",
      files: [`bundle.tar.gz=${name}/bundle.tar.gz`],
      options: {
        // The server takes a changed bundle into use as it runs: its Pods need no other name to look for.
        disableNameSuffixHash: true,
        ...(Object.keys(labels).length > 0 && { labels }),
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
    })),
  });
}

const annotationKeys = {
  title: "registry-policy.dev/title",
  description: "registry-policy.dev/description",
  category: "registry-policy.dev/category",
  severity: "registry-policy.dev/severity",
};
