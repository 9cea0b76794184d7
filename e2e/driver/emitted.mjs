import { compilePolicies, loadTemplates, targetById } from "@registry-policy/compiler";
import { engineParts } from "@registry-policy/equivalence";
import { renderDiagnostic } from "@registry-policy/language";
import { documentsOf } from "./cluster/index.mjs";

/**
 * What `generate` emits of policies for a target.
 *
 * @param {readonly import("@registry-policy/language").Policy[]} policies
 * @param {string} target its id.
 * @returns {readonly import("@registry-policy/compiler").Artifact[]} their paths are below the target's folder.
 * @throws if the target cannot say one of them.
 */
export function emittedFiles(policies, target) {
  const { artifacts, diagnostics } = compilePolicies(policies, {
    targets: [targetById(target)],
    templates: loadTemplates(),
  });
  assertNoErrors(diagnostics);
  return artifacts.map((artifact) => ({ ...artifact, path: artifact.path.slice(target.length + 1) }));
}

/**
 * The documents of what an engine reads, without what is for other tools.
 *
 * @param {import("@registry-policy/language").Policy} policy
 * @param {string} target one whose engine has the same id.
 */
export function emittedDocuments(policy, target) {
  const { reads } = engineParts[target];
  return emittedFiles([policy], target)
    .filter(({ path }) => reads(path))
    .flatMap(({ content }) => documentsOf(String(content)));
}

/**
 * Throws if something is wrong, saying what.
 *
 * @param {readonly import("@registry-policy/language").Diagnostic[]} diagnostics
 */
export function assertNoErrors(diagnostics) {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map((error) => renderDiagnostic(error)).join("\n"));
}
