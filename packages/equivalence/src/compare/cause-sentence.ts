import type { ComparedSide } from "./compared-side.js";
import type { CauseGroup } from "./group-causes.js";
import type { JudgedScene } from "./judged-scenes.js";
import type { Scene } from "./scene.js";
import { unknownField } from "./unknown-field.js";

interface Sides {
  readonly left: ComparedSide;
  readonly right: ComparedSide;
}

/** Says in one sentence why the sides differ on a group of scenes, of which one is shown. */
export function causeSentence(group: CauseGroup, shown: JudgedScene, sides: Sides): string {
  const admits = group.direction === "allowed" ? "RIGHT" : "LEFT";
  const refuses = group.direction === "allowed" ? "LEFT" : "RIGHT";
  const { failed, constant } = group;
  if (failed !== undefined) {
    const effect =
      failed.side === admits ? "`failurePolicy: Ignore` lets the request through" : "the request is refused for that";
    return `${failed.side} fails with an error, and ${effect}: ${oneLine(failed.error)}`;
  }
  if (constant !== undefined) {
    if (constant.outcome === "refused") return `${constant.side} refuses everything, of all that was asked`;
    const side = constant.side === "LEFT" ? sides.left : sides.right;
    const unknown = unknownField(side);
    return unknown === undefined
      ? `${constant.side} refuses nothing, of all that was asked`
      : `${constant.side} refuses nothing: it reads \`${unknown.read}\`, and ${unknown.of} has no \`${unknown.field}\``;
  }
  if (group.dimensions.length === 0) return aboutImage(group, shown, admits, refuses);
  return aboutSetting(group, shown, admits, refuses);
}

function aboutImage({ scenes }: CauseGroup, { scene }: JudgedScene, admits: string, refuses: string): string {
  const kinds = new Set(scenes.map(({ scene }) => scene.image.kind));
  const stems = [...new Set(scenes.flatMap(({ scene }) => scene.image.stem ?? []))];
  const literal = stems.map((stem) => `\`${stem}\``).join(", ");
  const { image } = scene;
  if (kinds.has("after") && kinds.has("before")) return `${admits} looks for ${literal} anywhere in the image`;
  switch (image.kind) {
    case "after": {
      const ends = stems.map((stem) => `"${stem.split("/").at(-1)}"`).join(", ");
      return `${admits} matches a prefix: no "/" after ${ends}`;
    }
    case "before":
      return `${admits} is not anchored at the start: anything may stand before ${literal}`;
    case "dot":
      return `${admits} takes a dot of ${literal} for any character: it is not escaped in the regular expression`;
    case "case":
      return `${admits} allows ${literal} in upper case, which is the same registry, ${refuses} does not`;
    case "default-port":
      return `${admits} allows ${literal} with the port 443, which is the same registry, ${refuses} does not`;
    case "port":
      return `${admits} allows ${literal} on another port, ${refuses} does not`;
    case "below":
      return `${admits} allows what is below ${literal}, ${refuses} does not`;
    case "itself":
      return `${admits} allows ${literal} itself and not only what is below it, ${refuses} does not`;
    case "nested":
      return `${admits} allows more than one component below ${literal}, ${refuses} does not`;
    case "invalid":
      return `${admits} allows what is no valid image reference, ${refuses} refuses it`;
    case "missing":
      return `${admits} lets an entry without an image pass, ${refuses} does not`;
    case "docker-hub":
      return `${admits} allows images of Docker Hub, ${refuses} does not`;
    case "short-name":
      return `${admits} allows names without a registry, ${refuses} does not`;
    case "latest":
      return `${admits} allows the tag \`latest\`, ${refuses} does not`;
    case "untagged":
      return `${admits} allows an image without a tag, ${refuses} does not`;
    case "tag":
      return `${admits} allows an image with a tag, ${refuses} does not`;
    case "digest":
      return `${admits} allows an image with a digest, ${refuses} does not`;
    case "local":
      return `${admits} allows a registry with a port such as \`${String(image.value)}\`, ${refuses} does not`;
    case "shortest":
      return `${admits} allows ${literal}, ${refuses} does not`;
    case "outside":
      return `${admits} allows \`${String(image.value)}\`, which ${refuses} does not list`;
  }
}

function aboutSetting(group: CauseGroup, shown: JudgedScene, admits: string, refuses: string): string {
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
    return `${admits} is lifted by the annotation ${listed(group, ({ annotation }) => `\`${annotation}\``)}${also}`;
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
    return `${admits} overlooks an entry of \`${place}\` whose name is used twice`;
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
    apart.has("annotation") ? `what has the annotation ${listed(group, ({ annotation }) => `\`${annotation}\``)}` : "",
    apart.has("arrangement") ? `a second entry of \`${scene.place}\`` : "",
    apart.has("companion") ? `a pod ${companionWords[scene.companion]}` : "",
  ]
    .filter((words) => words !== "")
    .join(" ");
}

function userWords({ user }: Scene): string {
  return user.startsWith("group:") ? `the group \`${user.slice("group:".length)}\`` : `\`${user}\``;
}

function namespaceWords({ namespace: { name, labels } }: Scene): string {
  const written = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `the namespace \`${name}\`${written.length === 0 ? "" : ` with the labels \`${written.join(",")}\``}`;
}

function listed(group: CauseGroup, words: (scene: Scene) => string): string {
  return [...new Set(group.scenes.map(({ scene }) => words(scene)))].join(", ");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
