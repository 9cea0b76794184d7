import type { Diagnostic, Policy } from "@registry-policy/language";
import { limitDiagnostics } from "./object-size.js";
import type { Artifact, Emission } from "./target.js";

/** What a target made of a policy: without the artifacts if one of them is too large, or anything else is an error. */
export function emission(
  policy: Policy,
  artifacts: readonly Artifact[],
  maximumBytes: number,
  others: readonly Diagnostic[] = [],
): Emission {
  const diagnostics = [...others, ...artifacts.flatMap((artifact) => limitDiagnostics(policy, artifact, maximumBytes))];
  const isRefused = diagnostics.some(({ severity }) => severity === "error");
  return { artifacts: isRefused ? [] : artifacts, diagnostics };
}
