const matchLabelsKinds = new Set(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"]);
const apiGroups = { Deployment: "apps/v1", ReplicaSet: "apps/v1", StatefulSet: "apps/v1", DaemonSet: "apps/v1" };

/**
 * Adds to an object what its kind has to have and no policy reads, where a fixture leaves it out: a name, a selector
 * with the labels that it selects, a restart policy, a schedule. Nothing that is written is changed.
 *
 * @param {unknown} object any JSON value; what is not as expected is left as it is, for the API server to refuse.
 * @param {string} name for an object without one.
 * @returns {unknown}
 */
export function completeObject(object, name) {
  if (!isObject(object)) return object;
  const { apiVersion, kind } = object;
  const metadata =
    isObject(object.metadata) && object.metadata.name === undefined ? { name, ...object.metadata } : object.metadata;
  const named = { ...object, metadata: metadata ?? { name } };
  if (!isObject(named.spec)) return named;
  if (matchLabelsKinds.has(kind) && apiVersion === apiGroups[kind]) {
    return { ...named, spec: selecting(named.spec, (labels) => ({ matchLabels: labels }), "matchLabels") };
  }
  if (kind === "ReplicationController" && apiVersion === "v1") {
    return { ...named, spec: selecting(named.spec, (labels) => labels) };
  }
  if (kind === "Job" && apiVersion === "batch/v1") return { ...named, spec: ending(named.spec) };
  if (kind === "CronJob" && apiVersion === "batch/v1") return { ...named, spec: scheduled(named.spec) };
  return named;
}

function selecting(spec, selectorOf, labelsKey) {
  if (!isObject(spec.template)) return spec;
  const { metadata = {} } = spec.template;
  if (!isObject(metadata)) return spec;
  const selected = labelsKey === undefined ? spec.selector : spec.selector?.[labelsKey];
  const labels = metadata.labels ?? selected ?? { e2e: "fixture" };
  return {
    ...spec,
    selector: spec.selector ?? selectorOf(labels),
    template: { ...spec.template, metadata: { ...metadata, labels } },
  };
}

/** A Job's Pods may not be restarted for ever, which is what a Pod asks for that says nothing. */
function ending(spec) {
  if (!isObject(spec.template?.spec)) return spec;
  const podSpec = { restartPolicy: "Never", ...spec.template.spec };
  return { ...spec, template: { ...spec.template, spec: podSpec } };
}

function scheduled(spec) {
  const jobTemplate = isObject(spec.jobTemplate?.spec)
    ? { ...spec.jobTemplate, spec: ending(spec.jobTemplate.spec) }
    : spec.jobTemplate;
  return { schedule: "0 0 1 1 *", ...spec, ...(jobTemplate !== undefined && { jobTemplate }) };
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
