import type { Diagnostic, Policy } from "@registry-policy/language";
import type { Emitted } from "./emit.js";
import { nodeTargetNames } from "./target-names.js";

/**
 * What was said of an emission, with what the targets for nodes lose of each policy: the shortest image of each cause.
 *
 * @param isStrict whether a loss is an error.
 */
export async function withLosses(
  { artifacts, diagnostics }: Emitted,
  policies: readonly Policy[],
  targets: readonly string[],
  isStrict: boolean,
): Promise<readonly Diagnostic[]> {
  const chosen = nodeTargetNames.filter((name) => targets.includes(name));
  if (chosen.length === 0) return diagnostics;
  const { lossCodes, lossDiagnostics } = await import("@registry-policy/equivalence");
  const losses = chosen.flatMap((target) => policies.flatMap((policy) => lossDiagnostics(policy, target, artifacts)));
  return [...diagnostics, ...losses].map((diagnostic) =>
    isStrict && lossCodes.includes(diagnostic.code) ? { ...diagnostic, severity: "error" } : diagnostic,
  );
}
