/**
 * The built-in kinds that hold a pod spec, and where each holds it.
 * `podTemplate` is the path of the object whose `metadata` and `spec` are the pod's own.
 */
export interface KindFacts {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly podTemplate: readonly string[];
}

export const kinds = {
  Pod: { group: "", version: "v1", resource: "pods", podTemplate: [] },
  Deployment: { group: "apps", version: "v1", resource: "deployments", podTemplate: ["spec", "template"] },
  ReplicaSet: { group: "apps", version: "v1", resource: "replicasets", podTemplate: ["spec", "template"] },
  StatefulSet: { group: "apps", version: "v1", resource: "statefulsets", podTemplate: ["spec", "template"] },
  DaemonSet: { group: "apps", version: "v1", resource: "daemonsets", podTemplate: ["spec", "template"] },
  ReplicationController: {
    group: "",
    version: "v1",
    resource: "replicationcontrollers",
    podTemplate: ["spec", "template"],
  },
  Job: { group: "batch", version: "v1", resource: "jobs", podTemplate: ["spec", "template"] },
  CronJob: {
    group: "batch",
    version: "v1",
    resource: "cronjobs",
    podTemplate: ["spec", "jobTemplate", "spec", "template"],
  },
  PodTemplate: { group: "", version: "v1", resource: "podtemplates", podTemplate: ["template"] },
} as const satisfies Record<string, KindFacts>;

export type Kind = keyof typeof kinds;

/** In the order of the language page, which is the order in which artifacts list them. */
export const kindNames = Object.keys(kinds) as Kind[];

/** What a policy without `match.kinds` covers: all but PodTemplate. */
export const defaultKinds: readonly Kind[] = kindNames.filter((kind) => kind !== "PodTemplate");
