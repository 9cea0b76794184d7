import { parsePolicies } from "../parse-policies.js";
import type { Policy } from "../policy.js";

/** A policy of the given `spec`, as JSON, which is YAML; throws if it has an error. */
export function policyOf(spec: object, metadata: object = { name: "p" }): Policy {
  const text = JSON.stringify({ apiVersion: "registry-policy.dev/v1", kind: "RegistryPolicy", metadata, spec });
  const { policies, diagnostics } = parsePolicies({ text, file: "policy.yaml" });
  const [policy] = policies;
  if (policy === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return policy;
}
