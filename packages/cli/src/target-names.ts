import type { TargetId } from "@registry-policy/compiler";

/** The targets, for the help: the help does not load them. The types say what is missing. */
const names = {
  "kyverno-cluster-policy": true,
  "kyverno-validating-policy": true,
  gatekeeper: true,
  "gatekeeper-cel": true,
  "validating-admission-policy": true,
  opa: true,
} as const satisfies Record<TargetId, true>;

export const targetNames = Object.keys(names) as TargetId[];

/** Those that are written only where they are asked for. */
export const webhookTargetNames = ["admission-webhook", "image-policy-webhook"] as const;

/** Those for a node's container runtime, which say less than the language: only where they are asked for, too. */
export const nodeTargetNames = ["containers-policy", "openshift-image-config"] as const;
