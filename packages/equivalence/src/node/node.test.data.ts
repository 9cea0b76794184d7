import { compilePolicies, loadTemplates, targetById } from "@registry-policy/compiler";
import type { Policy } from "@registry-policy/language";
import type { ProvableFile } from "../proof/proof.js";
import { readNode } from "./loss-diagnostics.js";
import type { NodePolicy } from "./node-policy.js";

export const nodeTargetIds = ["containers-policy", "openshift-image-config"] as const;

const templates = loadTemplates();

/** What a target for nodes makes of a policy. */
export function emittedFor(policy: Policy, id: string): readonly ProvableFile[] {
  const target = targetById(id);
  if (target === undefined) throw new Error(`there is no target \`${id}\``);
  return compilePolicies([policy], { targets: [target], templates }).artifacts;
}

/** What it says, read back; `undefined` where the target can say nothing of the policy. */
export function nodeFor(policy: Policy, id: string): NodePolicy | undefined {
  return readNode(policy, id, emittedFor(policy, id));
}
