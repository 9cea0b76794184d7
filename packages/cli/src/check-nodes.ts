import { setImmediate } from "node:timers/promises";
import type { Artifact } from "@registry-policy/compiler";
import type { NodeCheck, PolicyToCheck } from "@registry-policy/equivalence";

/**
 * Judges the images of every policy's requests by what was emitted for nodes, as `checkNode` does for one.
 *
 * @param targets ids of targets for nodes.
 * @param emitted for nodes, by policy.
 */
export async function checkNodes(
  policies: readonly PolicyToCheck[],
  targets: readonly string[],
  emitted: readonly (readonly Artifact[])[],
): Promise<readonly NodeCheck[]> {
  const { checkNode } = await import("@registry-policy/equivalence");
  const checks: NodeCheck[] = [];
  for (const target of targets) {
    for (const [index, { found, cases, generate }] of policies.entries()) {
      const asked = [...cases, ...(generate?.().cases ?? [])];
      checks.push(checkNode(found.policy, asked, target, emitted[index] ?? []));
      // Engines that judge meanwhile are not kept waiting for longer than one policy takes.
      await setImmediate();
    }
  }
  return checks;
}
