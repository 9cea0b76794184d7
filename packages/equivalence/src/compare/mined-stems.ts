import type { Sampling } from "./sampling.js";

/** Those of all sides in turn, as each has them; those that look like a registry before words that may be anything. */
export function chosenStems(
  sides: readonly ReadonlySet<string>[],
  { namesOfOne, namesOfBoth }: Pick<Sampling, "namesOfOne" | "namesOfBoth">,
): string[] {
  const all = inTurn(sides.map((stems) => [...stems]));
  const isInAll = (stem: string) => sides.every((stems) => stems.has(stem));
  const isLikely = (stem: string) => /[./:]/.test(stem);
  const likelyFirst = [...all.filter(isLikely), ...all.filter((stem) => !isLikely(stem))];
  const chosen = new Set([
    ...likelyFirst.filter((stem) => !isInAll(stem)).slice(0, namesOfOne),
    ...likelyFirst.filter(isInAll).slice(0, namesOfBoth),
  ]);
  return all.filter((stem) => chosen.has(stem));
}

/** The first of each list, then the second of each, and so on, each text once. */
function inTurn(lists: readonly (readonly string[])[]): string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const texts = Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? []));
  return [...new Set(texts.flat())];
}

/** Paths into objects, of which every policy's text is full. */
const objectPath =
  /^(?:object|oldObject|input|request|review|variables|data|spec|metadata|container|element|images?|c|v)\.(?:spec|metadata|kind|name|image|object|request|review|operation|parameters|labels|annotations|template|containers|kubernetes|inventory|\w*[A-Z]\w*)(?:$|[./])/;

/** Groups of Kubernetes' kinds and the like. Two hosts of such names are registries. */
const apiGroup =
  /^(?!reg(?:istry)?\.)(?:.*[./])?(?:kyverno\.io|k8s\.io|kubernetes\.io|gatekeeper\.sh|openpolicyagent\.org|registry-policy\.dev)(?:\/|$)/;

/** `ClusterPolicy`, `Enforce`: what no repository is called, and no registry either. */
function isKind(stem: string): boolean {
  return /[A-Z]/.test(stem) && !/[./:]/.test(stem);
}

/** Longer texts are lists, whose groups are not taken apart. */
const longestGrouped = 4_000;

/** What a text may say of the beginnings of images: of a glob, an expression, or a list of them. */
export function stemsOf(text: string): string[] {
  return partsOf(text).flatMap((alternative) => {
    if (alternative.length > longestGrouped) return [];
    const stem = literalBeginning(alternative);
    if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]*(?::\d+)?(?:\/[a-z0-9._-]+)*$/.test(stem) || stem.length > 200) return [];
    if (stem.length < 2 || objectPath.test(stem) || apiGroup.test(stem) || isKind(stem)) return [];
    return [stem];
  });
}

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** What a text may say of single images: those of its parts that have a tag or a digest, whatever a wildcard stands for. */
export function taggedImagesOf(text: string): string[] {
  return partsOf(text).flatMap((part) => {
    const image = literalText(part)
      .replace(/@sha256:\*+$/, `@${digest}`)
      .replaceAll(/\*+/g, "x");
    const isTagged =
      /^[a-z0-9][a-z0-9._-]*(?::\d+(?=\/))?(?:\/[a-z0-9._-]+)*(?::\w[\w.-]{0,127}(?:@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$/;
    return isTagged.test(image) && image.length < 300 ? [image] : [];
  });
}

/** What a text may say of tags alone: `!*:latest`, `:dev`. */
export function tagsOf(text: string): string[] {
  return partsOf(text).flatMap((part) => {
    const tag = /^\*?:([\w*][\w.*-]{0,127})$/.exec(literalText(part))?.[1]?.replaceAll(/\*+/g, "x");
    return tag === undefined ? [] : [tag];
  });
}

function partsOf(text: string): string[] {
  return text.length > longestGrouped ? text.split(/[|&,\s()]+/) : alternatives(text);
}

/** A part without the anchors and escapes of an expression, and without the sign that refuses it. */
function literalText(part: string): string {
  return part
    .replace(/^(?:\(\?[a-z]+\))?!?\^?(?:\.\*)?(?:\(\?:)?/, "")
    .replace(/\$$/, "")
    .replace(/\\([./-])|\[([.])\]/g, "$1$2");
}

/** What `|`, `&`, commas, blanks and a group of an expression separate. */
function alternatives(text: string): string[] {
  const group = /\((?:\?:)?([^()|]+(?:\|[^()|]+)+)\)/.exec(text);
  if (group !== null) {
    const before = text.slice(0, group.index);
    const after = text.slice(group.index + group[0].length);
    return (group[1] ?? "")
      .split("|")
      .slice(0, 50)
      .flatMap((choice) => alternatives(`${before}${choice}${after}`))
      .slice(0, 200);
  }
  return text.split(/[|&,\s]+/);
}

/** What a glob or a regular expression begins with, as far as it is literal. */
function literalBeginning(text: string): string {
  const unescaped = text.replace(/^(?:\(\?[a-z]+\))?!?\^?(?:\(\?:)?/, "").replace(/\\([./-])|\[([.])\]/g, "$1$2");
  const literal = /^(?:(?![.][*+?{])[a-zA-Z0-9._:/@-])*/.exec(withPlainHost(unescaped))?.[0] ?? "";
  return literal
    .replace(/@.*$/, "")
    .replace(/:(?!\d+(?:\/|$))[^/]*$/, "")
    .replace(/[./:]+$/, "");
}

/** A text with something in the place of the wildcards of its host: any label will do, and where all is one, any host. */
function withPlainHost(text: string): string {
  const spelt = text
    .replaceAll(/(?:\[0-9\]|\\d)(?:[*+]|\{(\d{1,2})(?:,\d*)?\})/g, (_, count = "1") => "0".repeat(Number(count)))
    .replaceAll(/\[[^\]/]*\](?:[*+]|\{[\d,]+\})|(?:^|(?<=\.))\.[*+](?=\.)/g, "*");
  const slash = spelt.indexOf("/");
  const host = spelt.slice(0, slash);
  if (slash < 0 || !/^[a-zA-Z0-9.*-]+(?::\d+)?$/.test(host)) return text;
  if (/^\*+$/.test(host)) return `any.example${spelt.slice(slash).replaceAll("/**", "")}`;
  return host.includes(".") ? host.replaceAll(/\*+/g, "a") + spelt.slice(slash) : text;
}
