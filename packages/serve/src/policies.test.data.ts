import { loadTemplates, targetById } from "@registry-policy/compiler";
import { readBundle } from "@registry-policy/engines";
import { type Policy, parsePolicies } from "@registry-policy/language";
import type { PolicySource } from "./policy-source.js";

/** A policy's document; `spec` is YAML in flow style, without its braces. */
export function policyText(spec: string, name = "trusted"): string {
  return `apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: {name: ${name}}\nspec: {${spec}}\n`;
}

export const trusted = "images: {allow: [registry.my.com]}";

export function policyOf(spec: string, name?: string): Policy {
  const { policies, diagnostics } = parsePolicies({ text: policyText(spec, name), file: "policy.yaml" });
  const [policy] = policies;
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return policy;
}

/** The bundle that `generate` writes. */
export function bundleOf(spec: string, name?: string): Uint8Array {
  const emission = targetById("opa")?.emit(policyOf(spec, name), loadTemplates());
  const bundle = emission?.artifacts.find(({ path }) => path.endsWith(".tar.gz"))?.content;
  if (!(bundle instanceof Uint8Array)) throw new Error(emission?.diagnostics.map(({ message }) => message).join("\n"));
  return bundle;
}

export function sourceOf(spec: string, name = "trusted"): PolicySource {
  return {
    name,
    origin: "policy.yaml",
    ...readBundle([{ name: "bundle.tar.gz", content: bundleOf(spec, name) }]),
  };
}

/** An AdmissionReview as the API server sends it for a Pod with these images. */
export function podReview(images: readonly unknown[], parts: object = {}) {
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "705ab4f5-6393-11e8-b7cc-42010a800002",
      operation: "CREATE",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      namespace: "team-a",
      name: "web",
      userInfo: { username: "alice", groups: ["dev"] },
      object: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "web", namespace: "team-a" },
        spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) },
      },
      ...parts,
    },
  };
}

export function imageReview(images: readonly unknown[], parts: object = {}) {
  return {
    apiVersion: "imagepolicy.k8s.io/v1alpha1",
    kind: "ImageReview",
    spec: { containers: images.map((image) => ({ image })), namespace: "team-a", ...parts },
  };
}
