/**
 * What an API server's answer says.
 *
 * @param {{status: number, body: any, warnings: readonly string[]}} answer
 * @param {string} policy the name of the policy in force.
 * @returns {{outcome: "admitted" | "warned" | "refused" | "error", by?: string, message?: string}} `refused` and
 *   `warned` are by that policy alone; whatever else goes wrong is an `error`. `by`: the webhook, or the admission
 *   policy.
 */
export function outcomeOf({ status, body, warnings }, policy) {
  if (status >= 200 && status < 300) {
    const warning = warnings.find((text) => violatedPolicy(text) === policy);
    return warning === undefined ? { outcome: "admitted" } : { outcome: "warned", message: warning };
  }
  const message = body?.message ?? String(body);
  const denial = denialOf(message);
  if (denial === undefined || !names(denial.text, policy)) return { outcome: "error", message };
  return { outcome: "refused", by: denial.by, message };
}

/** Whether an answer is an error of the API server itself, and not of what it asks for admission. */
export function isOwnRefusal({ status, body }) {
  return status >= 400 && status < 500 && denialOf(body?.message ?? String(body)) === undefined;
}

function denialOf(message) {
  const webhook = /admission webhook "([^"]+)" denied the request: ?([\s\S]*)/.exec(message);
  if (webhook !== null) return { by: webhook[1], text: webhook[2] };
  const images = /image policy webhook backend denied one or more images: ([\s\S]*)/.exec(message);
  if (images !== null) return { by: "ImagePolicyWebhook", text: images[1] };
  const policy = /(ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request: [\s\S]*)/.exec(message);
  return policy === null ? undefined : { by: `ValidatingAdmissionPolicy ${policy[2]}`, text: policy[1] };
}

/** The forms in which each engine warns of a violation. */
const warningForms = [
  // Kyverno, of a ClusterPolicy: the policy and its rule. It warns of a rule that passed, too.
  /^policy (?<policy>[^ ]+?)\.[^ .:]+: (?!validation rule '[^']*' passed|rule passed)/,
  // Kyverno, of a ValidatingPolicy.
  /^Policy (?<policy>[^ ]+) (?:failed|error): /,
  // Gatekeeper: the constraint.
  /^\[(?<policy>[^\]]+)\] /,
  // This project's own webhook. An image is written as JSON.
  /^(?:container image "(?:[^"\\]|\\.)*"|no image can be read) in \S+ .*?\bpolicy (?<policy>[a-z0-9-]+)/,
  // The API server, of a ValidatingAdmissionPolicy.
  /^Validation failed for ValidatingAdmissionPolicy '(?<policy>[^']+)' with binding /,
];

function violatedPolicy(warning) {
  for (const form of warningForms) {
    const policy = form.exec(warning)?.groups.policy;
    if (policy !== undefined) return policy;
  }
  return undefined;
}

/** A name, and not a part of a longer one. */
function names(text, policy) {
  return text.split(/[^a-z0-9.-]+/).some((word) => word.replace(/^[.-]+|[.-]+$/g, "") === policy);
}
