import type { Diagnostic, Policy } from "@registry-policy/language";
import type { CompilerCode } from "./diagnostic-codes.js";
import type { Artifact } from "./target.js";

/** An error for an artifact that is larger than the engine, or the API server for it, takes. */
export function limitDiagnostics(policy: Policy, artifact: Artifact, maximumBytes: number): Diagnostic[] {
  const bytes = Buffer.byteLength(artifact.content);
  if (bytes <= maximumBytes) return [];
  return [
    {
      code: "artifact-too-large" satisfies CompilerCode,
      severity: "error",
      message: `\`${artifact.path}\` would have ${bytes} bytes, and an API server stores no object of more than ${maximumBytes}`,
      ...policy.place,
      help: "split the policy in two by namespace, or replace patterns by one with a wildcard",
    },
  ];
}
