import { gatekeeper } from "./gatekeeper.mjs";
import { kyverno } from "./kyverno.mjs";
import { none } from "./none.mjs";

/** What has to run, beside the API server, for an engine of `check`; an engine that is not here judges in no cluster. */
export const controllers = {
  "kyverno-cluster-policy": kyverno,
  gatekeeper,
  "kyverno-validating-policy": kyverno,
  "validating-admission-policy": none,
  "gatekeeper-cel": gatekeeper,
};
