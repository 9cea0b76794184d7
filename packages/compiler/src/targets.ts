import type { Target } from "./target.js";
import { admissionWebhook } from "./targets/admission-webhook/index.js";
import { containersPolicy } from "./targets/containers-policy/index.js";
import { gatekeeper } from "./targets/gatekeeper/index.js";
import { gatekeeperCel } from "./targets/gatekeeper-cel/index.js";
import { imagePolicyWebhook } from "./targets/image-policy-webhook/index.js";
import { kyvernoClusterPolicy } from "./targets/kyverno-cluster-policy/index.js";
import { kyvernoValidatingPolicy } from "./targets/kyverno-validating-policy/index.js";
import { opa } from "./targets/opa/index.js";
import { openshiftImageConfig } from "./targets/openshift-image-config/index.js";
import { validatingAdmissionPolicy } from "./targets/validating-admission-policy/index.js";

/** Every target by its id. The tests of the compiler ask an expectation for each of them. */
const byId = {
  "kyverno-cluster-policy": kyvernoClusterPolicy,
  "kyverno-validating-policy": kyvernoValidatingPolicy,
  gatekeeper,
  "gatekeeper-cel": gatekeeperCel,
  "validating-admission-policy": validatingAdmissionPolicy,
  opa,
} as const satisfies Record<string, Target>;

export type TargetId = keyof typeof byId;

/** Every target, in the order in which they are listed to a reader. */
export const targets: readonly Target[] = Object.values(byId);

/**
 * What `registry-policy serve` is run with, for those who ask for it by name: configuration of their own cluster, which
 * is not to be applied beside that of an engine because both are there.
 */
export const webhookTargets: readonly Target[] = [admissionWebhook, imagePolicyWebhook];

/**
 * What a node's container runtime reads, for those who ask for it by name. These judge the images that are pulled, not
 * admission requests, and say less than the language: what is lost is told wherever they are written.
 */
export const nodeTargets: readonly Target[] = [containersPolicy, openshiftImageConfig];

/** A target of any kind. */
export function targetById(id: string): Target | undefined {
  return [...targets, ...webhookTargets, ...nodeTargets].find((target) => target.id === id);
}
