import type { Artifact, Templates } from "@registry-policy/compiler";
import type { Diagnostic, Policy } from "@registry-policy/language";
import { UsageError } from "./usage-error.js";

/** What the compiler makes, each file by its path below the output directory: `gatekeeper/trusted-registries.yaml`. */
export interface Emitted {
  readonly artifacts: readonly Artifact[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Policies that are emitted one by one have the templates in common, each of which is compiled once. */
let shipped: Templates | undefined;

/**
 * Compiles policies for targets.
 *
 * @param chosen ids of known targets.
 * @param templateDirectory with the user's own templates, laid over the shipped ones.
 * @throws UsageError if the user's templates cannot be used.
 */
export async function emit(
  policies: readonly Policy[],
  chosen: readonly string[],
  templateDirectory?: string,
): Promise<Emitted> {
  const { compilePolicies, loadTemplates, targetById } = await import("@registry-policy/compiler");
  try {
    shipped ??= loadTemplates();
    const templates = templateDirectory === undefined ? shipped : loadTemplates(templateDirectory);
    const targets = [...new Set(chosen)].map(targetById).filter((target) => target !== undefined);
    return compilePolicies(policies, { targets, templates });
  } catch (error) {
    if (templateDirectory === undefined || !(error instanceof Error)) throw error;
    throw new UsageError(
      `the templates in \`${templateDirectory}\` cannot be used: ${error.message}`,
      "lay them out as the shipped folder `templates`, and correct what is named above",
    );
  }
}
