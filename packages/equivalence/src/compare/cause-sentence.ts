import type { ComparedSide } from "./compared-side.js";
import type { CauseGroup } from "./group-causes.js";
import { errorOf, type JudgedScene } from "./judged-scenes.js";
import type { Scene } from "./scene.js";
import { aboutAll, aboutSetting, settingPhrase } from "./setting-sentence.js";
import { unknownField } from "./unknown-field.js";

interface Sides {
  readonly left: ComparedSide;
  readonly right: ComparedSide;
  /** What stands beside the image in question. */
  readonly harmless: string;
}

/** Says in one sentence why the sides differ on a group of scenes, of which one is shown. */
export function causeSentence(group: CauseGroup, shown: JudgedScene, sides: Sides): string {
  const admits = group.direction === "allowed" ? "RIGHT" : "LEFT";
  const refuses = group.direction === "allowed" ? "LEFT" : "RIGHT";
  const { failed, constant } = group;
  if (failed !== undefined) {
    const effect =
      failed.side === admits ? "`failurePolicy: Ignore` lets the request through" : "the request is refused for that";
    const { kind } = shown.scene.image;
    const about = { invalid: " on what is no valid image reference", missing: ` on ${withoutImage(shown.scene)}` };
    const of = kind === "invalid" || kind === "missing" ? about[kind] : "";
    return `${failed.side} fails with an error${of}, and ${effect}: ${oneLine(errorOf(shown)?.error ?? failed.error)}`;
  }
  if (constant !== undefined) {
    if (constant.among !== undefined) return aboutAll(constant.side, constant.outcome, constant.among);
    if (constant.outcome === "refused") return `${constant.side} refuses everything, of all that was asked`;
    const side = constant.side === "LEFT" ? sides.left : sides.right;
    const unknown = unknownField(side);
    return unknown === undefined
      ? `${constant.side} refuses nothing, of all that was asked`
      : `${constant.side} refuses nothing: it reads \`${unknown.read}\`, and ${unknown.of} has no \`${unknown.field}\``;
  }
  if (group.dimensions.length === 0) return aboutImage(group, shown, admits, refuses);
  if (!group.isOfImage) return aboutSetting(group, shown, admits, refuses);
  if (group.dimensions.join() === "arrangement" && !group.refusedInBase) {
    const { value } = shown.scene.image;
    return `${refuses} refuses \`${String(value)}\` beside \`${sides.harmless}\` in one pod, and neither of them alone`;
  }
  return `${settingPhrase(group, shown.scene)}, ${aboutImage(group, shown, admits, refuses)}`;
}

function aboutImage(
  { scenes, portForTag }: CauseGroup,
  { scene }: JudgedScene,
  admits: string,
  refuses: string,
): string {
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
      return `${admits} allows ${literal} itself, ${refuses} does not`;
    case "nested":
      return `${admits} allows more than one component below ${literal}, ${refuses} does not`;
    case "invalid":
      return `${admits} allows what is no valid image reference, ${refuses} refuses it`;
    case "missing":
      return `${admits} lets pass ${withoutImage(scene)}, ${refuses} does not`;
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
    case "named":
      return `${admits} allows ${namedImages(scenes)}, ${refuses} does not`;
    case "named-tag":
      return `${admits} allows the tag ${literal}, ${refuses} does not`;
    case "local":
      if (portForTag) return `${admits} takes the colon of a port for that of a tag, ${refuses} does not`;
      return `${admits} allows a registry with a port such as \`${String(image.value)}\`, ${refuses} does not`;
    case "shortest":
      return `${admits} allows ${literal}, ${refuses} does not`;
    case "outside":
      return `${admits} allows \`${String(image.value)}\`, which ${refuses} does not list`;
  }
}

/** An API server looks for the images of containers before it asks anybody. */
function withoutImage({ place }: Scene): string {
  return place === "volumes"
    ? "an image volume without an image"
    : "an entry without an image, which no API server takes";
}

function namedImages(scenes: readonly JudgedScene[]): string {
  return [...new Set(scenes.map(({ scene }) => `\`${String(scene.image.value)}\``))].join(", ");
}

const longestError = 240;

/** An error in one line. Of a long one, what it begins with, and its end, where most engines say why. */
function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= longestError ? line : `${line.slice(0, 100)} … ${line.slice(-130)}`;
}
