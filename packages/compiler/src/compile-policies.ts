import type { Diagnostic, Policy } from "@registry-policy/language";
import type { Artifact, Target } from "./target.js";
import type { Templates } from "./templates.js";

/** What policies become. The paths of the artifacts begin with their target's folder: `gatekeeper/template.yaml`. */
export interface Compilation {
  readonly artifacts: readonly Artifact[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles policies for targets. A policy that a target cannot say in full has an error among the diagnostics, and no
 * artifact of that target.
 *
 * @param policies valid ones, of different names.
 */
export function compilePolicies(
  policies: readonly Policy[],
  { targets, templates }: { targets: readonly Target[]; templates: Templates },
): Compilation {
  const artifacts: Artifact[] = [];
  const diagnostics: Diagnostic[] = [];
  // What is emitted depends on the policies alone, not on the order in which their files were found.
  const inOrder = policies.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const target of targets) {
    const said: Policy[] = [];
    const place = (artifact: Artifact) => artifacts.push({ ...artifact, path: `${target.id}/${artifact.path}` });
    for (const policy of inOrder) {
      const emission = target.emit(policy, templates);
      diagnostics.push(...emission.diagnostics);
      if (emission.diagnostics.some((diagnostic) => diagnostic.severity === "error")) continue;
      said.push(policy);
      emission.artifacts.forEach(place);
    }
    if (said.length > 0) target.emitShared(said, templates).forEach(place);
  }
  return { artifacts: artifacts.sort((a, b) => (a.path < b.path ? -1 : 1)), diagnostics };
}
