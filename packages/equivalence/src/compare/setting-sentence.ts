import type { CauseGroup } from "./group-causes.js";
import type { JudgedScene } from "./judged-scenes.js";
import type { Scene } from "./scene.js";

/** Where it is that an image makes a difference. */
export function settingPhrase(group: CauseGroup, scene: Scene): string {
  const apart = new Set(group.dimensions);
  return [
    apart.has("operation") ? operationWords[scene.operation] : "",
    apart.has("kind") ? `in a ${listed(group, ({ kind }) => kind)}` : "",
    apart.has("place") ? `as ${fieldWords[scene.place]}` : "",
    apart.has("namespace") ? `in ${listed(group, namespaceWords)}` : "",
    apart.has("user") ? `where it comes from ${listed(group, userWords)}` : "",
    apart.has("annotation") ? `under ${listed(group, annotationWords)}` : "",
    apart.has("arrangement") ? `beside another entry of \`${scene.place}\`` : "",
    apart.has("companion") ? `in a pod ${companionWords[scene.companion]}` : "",
  ]
    .filter((words) => words !== "")
    .join(" ");
}

/** That a side does the same with all that is of a kind and in a namespace. */
export function aboutAll(side: string, outcome: "admitted" | "refused", { kind, namespace }: Where): string {
  const { name, labels } = namespace;
  const isOrdinary = name === "default" && Object.keys(labels).length === 0;
  const where = isOrdinary ? "" : ` in ${namespaceWords({ namespace })}`;
  return outcome === "admitted"
    ? `${side} does not cover ${kind}${where}`
    : `${side} refuses every ${kind}${where} that was asked about`;
}

type Where = Pick<Scene, "kind" | "namespace">;

/** Why the sides differ on scenes of a group, whatever the image. */
export function aboutSetting(group: CauseGroup, shown: JudgedScene, admits: string, refuses: string): string {
  const { scene } = shown;
  const apart = new Set(group.dimensions);
  const where = [
    ...(apart.has("operation") ? [operationWords[scene.operation]] : []),
    ...(apart.has("kind") && apart.size > 1 ? [`in a ${listed(group, ({ kind }) => kind)}`] : []),
    ...(apart.has("companion") ? [companionWords[scene.companion]] : []),
  ].join(" ");
  const also = where === "" ? "" : ` ${where}`;
  if (!group.refusedInBase) return `${refuses} refuses ${settingWords(group, scene)}, which ${admits} admits`;
  if (apart.has("arrangement")) return arrangementSentence(group, scene, admits) + also;
  if (apart.has("place")) {
    return scene.place === "volumes"
      ? `image volumes are not looked at by ${admits}${also}`
      : `\`${scene.place}\` are not looked at by ${admits}${also}`;
  }
  if (apart.has("namespace")) return `${admits} does not cover ${listed(group, namespaceWords)}${also}`;
  if (apart.has("annotation")) {
    return `${admits} is lifted by ${listed(group, annotationWords)}${also}`;
  }
  if (apart.has("user")) return `${admits} exempts ${listed(group, userWords)}${also}`;
  if (apart.has("operation") && !apart.has("kind")) {
    return scene.operation === "UPDATE of a violation"
      ? `${admits} lets an update of an object pass that violated the policy before`
      : `${admits} does not look at ${operationNames[scene.operation]}`;
  }
  if (apart.has("kind"))
    return `${admits} does not cover ${listed(group, ({ kind }) => kind)}${apart.size > 1 && apart.has("operation") ? ` ${operationWords[scene.operation]}` : ""}`;
  return `${admits} does not look at a pod${also}`;
}

function arrangementSentence({ scenes }: CauseGroup, { place, arrangement }: Scene, admits: string): string {
  const seen = new Set(scenes.map(({ scene }) => scene.arrangement));
  if (arrangement === "under a name used twice")
    return `${admits} overlooks an entry of \`${place}\` whose name is used twice, which no API server takes`;
  if (seen.has("before another") && seen.has("after another")) {
    return `${admits} is content with one entry of \`${place}\` that is allowed`;
  }
  return `only the ${arrangement === "after another" ? "first" : "last"} of \`${place}\` is looked at by ${admits}`;
}

const operationNames: Readonly<Record<Scene["operation"], string>> = {
  CREATE: "a CREATE",
  UPDATE: "an UPDATE",
  "UPDATE of a violation": "an UPDATE of an object that violated the policy before",
  DELETE: "a DELETE",
};

const operationWords: Readonly<Record<Scene["operation"], string>> = {
  CREATE: "on CREATE",
  UPDATE: "on UPDATE",
  "UPDATE of a violation": "on UPDATE of an object that violated the policy before",
  DELETE: "on DELETE",
};

const companionWords: Readonly<Record<Scene["companion"], string>> = {
  nothing: "that has nothing but the list in question",
  initContainers: "that has `initContainers`",
  volumes: "that has `volumes`",
  labels: "that has labels and annotations",
  everything: "that has `initContainers`, `volumes` and labels",
};

const fieldWords: Readonly<Record<Scene["place"], string>> = {
  containers: "a container",
  initContainers: "an init container",
  ephemeralContainers: "an ephemeral container",
  volumes: "an image volume",
};

function settingWords(group: CauseGroup, scene: Scene): string {
  const apart = new Set(group.dimensions);
  return [
    apart.has("operation") ? operationNames[scene.operation] : "",
    apart.has("kind") ? `${apart.has("operation") ? "of " : ""}a ${listed(group, ({ kind }) => kind)}` : "",
    apart.has("place") ? `${apart.size > 1 ? "with " : ""}${fieldWords[scene.place]}` : "",
    apart.has("namespace") ? `what is in ${listed(group, namespaceWords)}` : "",
    apart.has("user") ? `what comes from ${listed(group, userWords)}` : "",
    apart.has("annotation") ? `what has ${listed(group, annotationWords)}` : "",
    apart.has("arrangement") ? `a second entry of \`${scene.place}\`` : "",
    apart.has("companion") ? `a pod ${companionWords[scene.companion]}` : "",
  ]
    .filter((words) => words !== "")
    .join(" ");
}

function userWords({ user }: Scene): string {
  return user.startsWith("group:") ? `the group \`${user.slice("group:".length)}\`` : `\`${user}\``;
}

function annotationWords({ annotation }: Scene): string {
  return annotation.startsWith("label:")
    ? `the label \`${annotation.slice("label:".length)}\``
    : `the annotation \`${annotation}\``;
}

function namespaceWords({ namespace: { name, labels } }: Pick<Scene, "namespace">): string {
  const written = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `the namespace \`${name}\`${written.length === 0 ? "" : ` with the labels \`${written.join(",")}\``}`;
}

function listed(group: CauseGroup, words: (scene: Scene) => string): string {
  return [...new Set(group.scenes.map(({ scene }) => words(scene)))].join(", ");
}
