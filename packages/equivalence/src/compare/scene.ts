import { type Kind, kinds, type Review } from "@registry-policy/language";
import { admissionReview, type RequestParts, uidOf } from "../fixtures/admission-review.js";
import type { ImageProbe } from "./probe.js";

export const places = ["containers", "initContainers", "ephemeralContainers", "volumes"] as const;
export const operations = ["CREATE", "UPDATE", "UPDATE of a violation", "DELETE"] as const;
/** Operations of which every policy is asked, and none judges. */
export const unjudgedOperations = ["CONNECT", "UPDATE of the status"] as const;
export const arrangements = ["alone", "before another", "after another", "under a name used twice"] as const;
export const companions = ["nothing", "initContainers", "volumes", "labels", "everything"] as const;

/** A namespace to ask for. */
export interface ProbedNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One request, by what a policy can tell it from another. */
export interface Scene {
  readonly kind: Kind;
  /** The field in which the image is. An ephemeral container is added to a running Pod. */
  readonly place: (typeof places)[number];
  readonly operation: (typeof operations)[number];
  /** Where the image stands in its list. */
  readonly arrangement: (typeof arrangements)[number];
  /** What else the pod has, all of it harmless. */
  readonly companion: (typeof companions)[number];
  readonly namespace: ProbedNamespace;
  /** A user's name, or `group:` and that of a group; empty: somebody ordinary. */
  readonly user: string;
  /** An annotation of the pod, `name=value`, or `label:` and a label of the object; empty: none. */
  readonly annotation: string;
  readonly image: ImageProbe;
}

/** A scene, or one that no policy judges; of the image only what stands in the field. */
export interface AskedScene extends Omit<Scene, "operation" | "image"> {
  readonly operation: Scene["operation"] | (typeof unjudgedOperations)[number];
  readonly image: {
    readonly value: unknown;
    /** What stands in the fields behind it. */
    readonly others?: readonly unknown[];
  };
}

/** The parts of a scene other than its image. */
export const dimensions = [
  "kind",
  "place",
  "operation",
  "arrangement",
  "companion",
  "namespace",
  "user",
  "annotation",
] as const;
export type Dimension = (typeof dimensions)[number];

/** The plainest scene of an image. */
export function plainScene(image: ImageProbe): Scene {
  return {
    kind: "Pod",
    place: "containers",
    operation: "CREATE",
    arrangement: "alone",
    companion: "nothing",
    namespace: { name: "default", labels: {} },
    user: "",
    annotation: "",
    image,
  };
}

/** Who asks, where it is of no account. */
export const ordinaryUser = { name: "alice", groups: ["developers"] } as const;

/** Tells two scenes apart. */
export function keyOf(scene: Scene): string {
  return JSON.stringify([...dimensions.map((dimension) => scene[dimension]), scene.image.id]);
}

/** Whether an API server would ever send it: ephemeral containers are added to Pods alone, and by an update. */
export function isPossible({ kind, place, operation }: Scene): boolean {
  if (place !== "ephemeralContainers") return true;
  return kind === "Pod" && (operation === "UPDATE" || operation === "UPDATE of a violation");
}

/**
 * The request of a scene.
 *
 * @param harmless an image that both sides allow, for whatever has to be there beside the one in question.
 * @param violating an image that both sides refuse, for what violates already.
 */
export function reviewOf(scene: AskedScene, harmless: string, violating: string): Review {
  const made = admissionReview(requestParts(scene, harmless, violating), uidOf(0));
  if ("problem" in made) throw new Error(made.problem.message);
  return made.review;
}

/** What a fixture says of the request of a scene. */
export function requestParts(scene: AskedScene, harmless: string, violating: string): RequestParts {
  const { kind, operation, place, namespace, user, image } = scene;
  const isAdded = place === "ephemeralContainers" && kind === "Pod" && operation.startsWith("UPDATE");
  const isViolation = operation === "UPDATE of a violation";
  // To a Pod that violates already, a container is added that does so too.
  const beside = isViolation && isAdded ? violating : harmless;
  const object = manifestOf(scene, beside, image.value, image.others);
  const before = manifestOf(scene, beside, isViolation ? violating : harmless);
  const subResource = isAdded ? "ephemeralcontainers" : subResources[operation];
  return {
    operation: operation.replace(/ .*/, ""),
    ...(operation === "DELETE" ? { oldObject: object } : { object }),
    ...(operation.startsWith("UPDATE") && { oldObject: isAdded ? withoutEphemeral(before) : before }),
    ...(subResource !== undefined && { subResource }),
    namespace,
    user: user.startsWith("group:")
      ? { name: ordinaryUser.name, groups: [user.slice("group:".length)] }
      : { name: user === "" ? ordinaryUser.name : user, groups: ordinaryUser.groups },
  };
}

const subResources: Readonly<Partial<Record<AskedScene["operation"], string>>> = {
  CONNECT: "exec",
  "UPDATE of the status": "status",
};

/** The manifest of a scene, such as `kubectl apply` takes it. */
export function manifestOf(
  scene: AskedScene,
  harmless: string,
  value: unknown,
  others: readonly unknown[] = [],
): object {
  const { kind, place, arrangement, companion, namespace, annotation } = scene;
  const has = (what: Scene["companion"]) => companion === what || companion === "everything";
  const lists: Record<string, object[]> = { [place]: listOf(place, arrangement, harmless, [value, ...others]) };
  if (place !== "containers") lists.containers = [{ name: "app", image: harmless }];
  if (has("initContainers") && place !== "initContainers") lists.initContainers = [{ name: "setup", image: harmless }];
  if (has("volumes") && place !== "volumes") lists.volumes = [{ name: "cache", emptyDir: {} }];
  const isJob = kind === "Job" || kind === "CronJob";
  const spec = { ...(isJob && { restartPolicy: "Never" }), ...lists };
  const { group, version, podTemplate } = kinds[kind];
  const [isLabel, ...added] = addedTo(annotation);
  const labels = { app: "p", ...(isLabel && Object.fromEntries(added)) };
  const metadata = {
    name: "p",
    ...(namespace.name !== "default" && { namespace: namespace.name }),
    ...((has("labels") || isLabel) && { labels }),
  };
  const annotations = { ...(has("labels") && { note: "p" }), ...(!isLabel && Object.fromEntries(added)) };
  const annotated = Object.keys(annotations).length > 0 ? { annotations } : {};
  const head = { apiVersion: group === "" ? version : `${group}/${version}`, kind, metadata };
  if (podTemplate.length === 0) return { ...head, metadata: { ...metadata, ...annotated }, spec };
  const isSelected = !isJob && kind !== "PodTemplate";
  const own = { ...((isSelected || has("labels") || isLabel) && { labels }), ...annotated };
  const template = { ...(Object.keys(own).length > 0 && { metadata: own }), spec };
  if (kind === "PodTemplate") return { ...head, template };
  if (kind === "CronJob") return { ...head, spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template } } } };
  if (kind === "Job") return { ...head, spec: { template } };
  const selector = kind === "ReplicationController" ? labels : { matchLabels: labels };
  return { ...head, spec: { ...(kind === "StatefulSet" && { serviceName: "p" }), selector, template } };
}

/** Whether it is a label that a scene's object has, and which label or annotation that is. */
function addedTo(annotation: string): [isLabel: boolean, ...added: [name: string, value: string][]] {
  if (annotation === "") return [false];
  const isLabel = annotation.startsWith("label:");
  const text = isLabel ? annotation.slice("label:".length) : annotation;
  const equals = text.indexOf("=");
  return [isLabel, [text.slice(0, equals), text.slice(equals + 1)]];
}

function listOf(
  place: Scene["place"],
  arrangement: Scene["arrangement"],
  harmless: string,
  [value, ...others]: readonly unknown[],
): object[] {
  const item = (name: string, image: unknown) =>
    place === "volumes"
      ? { name, image: image === undefined ? {} : { reference: image } }
      : { name, ...(image !== undefined && { image }) };
  const name = { containers: "app", initContainers: "init", ephemeralContainers: "debug", volumes: "files" }[place];
  const asked = [item(name, value), ...others.map((other, index) => item(`${name}-${index + 2}`, other))];
  switch (arrangement) {
    case "alone":
      return asked;
    case "before another":
      return [...asked, item("other", harmless)];
    case "after another":
      return [item("other", harmless), ...asked];
    case "under a name used twice":
      return [...asked, item(name, harmless)];
  }
}

/** The Pod before an ephemeral container was added to it. */
function withoutEphemeral(manifest: object): object {
  const { spec, ...rest } = manifest as { spec: Record<string, unknown> };
  const { ephemeralContainers: _, ...kept } = spec;
  return { ...rest, spec: kept };
}
