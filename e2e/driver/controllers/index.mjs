import { admissionWebhook } from "./admission-webhook.mjs";
import { gatekeeper } from "./gatekeeper.mjs";
import { imagePolicyWebhook } from "./image-policy-webhook.mjs";
import { kyverno } from "./kyverno.mjs";
import { none } from "./none.mjs";

/**
 * What has to run, beside the API server, for what a target emits; a target that is not here judges in no cluster.
 *
 * - `title`: what is started; `binaries`: what of the build it needs.
 * - `start(cluster, policies)` installs and starts it.
 * - `enforce(cluster, policy)` puts one policy in force, with what comes after `start`; absent: what is emitted is
 *   applied. Returns `cluster` that requests are sent to, `end()` that takes the policy away and, where a server of
 *   this project answers, `server` to kill and to start again.
 * - `recorded(cluster, policy)` gives the names of the objects of which it has said that they violate the policy.
 * - `seen(review)` gives what reaches the engine of a request, or a sentence why nothing does; absent: all of it.
 * - `outcomes`: what verdicts look like from outside, where they do not look as usual.
 */
export const controllers = {
  "kyverno-cluster-policy": kyverno,
  gatekeeper,
  "kyverno-validating-policy": kyverno,
  "validating-admission-policy": none,
  "gatekeeper-cel": gatekeeper,
  "admission-webhook": admissionWebhook,
  "image-policy-webhook": imagePolicyWebhook,
};
