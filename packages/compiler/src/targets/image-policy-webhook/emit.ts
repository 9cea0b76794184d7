import type { Diagnostic, Policy } from "@registry-policy/language";
import type { CompilerCode } from "../../diagnostic-codes.js";
import { emission } from "../../emission.js";
import { resourceText } from "../../resource-text.js";
import type { Artifact, Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { bundleOf, imageOverride, version } from "../admission-webhook/emit.js";
import { capabilities } from "./capabilities.js";

/**
 * The bundle that is served. What an ImageReview does not carry is said: it makes the policy stricter, but for image
 * volumes, which are not seen. A policy that does not judge Pods would judge nothing.
 *
 * @throws where the package was built without its wasm.
 */
export function emit(policy: Policy, templates: Templates): Emission {
  const { artifacts, diagnostics } = bundleOf(policy, templates);
  return emission(policy, artifacts, capabilities.maximumObjectBytes, [...diagnostics, ...lost(policy)]);
}

/** The configuration of kube-apiserver, the server beside it, and what to do with them in which order. */
export function emitShared(policies: readonly Policy[], templates: Templates): readonly Artifact[] {
  const values = { version, policies: policies.map(({ name }) => ({ name })) };
  const files = [
    "admission.yaml",
    "kubeconfig.yaml",
    "kube-apiserver+json.yaml",
    "server.yaml",
    "Dockerfile",
    "README.md",
  ];
  return [
    ...files.map((path) => ({ path, content: templates.render(`image-policy-webhook/${path}.hbs`, values) })),
    {
      path: "kustomization.yaml",
      content: resourceText({
        apiVersion: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        resources: ["server.yaml"],
        images: [imageOverride],
      }),
    },
  ];
}

function lost(policy: Policy): Diagnostic[] {
  const { match, exempt } = policy;
  const say = (severity: "error" | "warning", message: string, help: string): Diagnostic => ({
    code: "not-in-image-review" satisfies CompilerCode,
    severity,
    message,
    ...policy.place,
    help,
  });
  if (!match.kinds.includes("Pod")) {
    const message = "the policy does not cover Pods, and an ImageReview is about nothing else";
    return [say("error", message, "add `Pod` to `match.kinds`, or leave the target `image-policy-webhook` out")];
  }
  const found: Diagnostic[] = [];
  if (exempt.users.length + exempt.groups.length > 0) {
    const message = "an ImageReview does not tell the user: through ImagePolicyWebhook nobody is exempt";
    found.push(say("warning", message, "give those users an annotation that breaks the glass"));
  }
  if (match.namespaceSelector !== undefined) {
    const message = "an ImageReview does not tell labels: through ImagePolicyWebhook every namespace matches";
    found.push(say("warning", message, "name the namespaces in `match.namespaces` or `match.excludeNamespaces`"));
  }
  const annotation = exempt.breakGlass?.annotation;
  if (annotation !== undefined && !annotation.includes(".image-policy.k8s.io/")) {
    const message = `the annotation \`${annotation}\` is not in an ImageReview, and so breaks no glass there`;
    found.push(say("warning", message, "choose a name that ends in `.image-policy.k8s.io/` and a word"));
  }
  return found;
}
