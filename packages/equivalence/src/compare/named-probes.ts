import { belowShorter, digest, type Form, type ImageProbe, image, outsider } from "./probe.js";

/** What the texts of the sides name beside stems. */
export interface NamedImages {
  readonly taggedImages: readonly string[];
  readonly tags: readonly string[];
}

/** Images for what the texts name: a tag on the usual image and on one of another registry, and images as they stand. */
export function namedProbes(
  { taggedImages, tags }: NamedImages,
  stems: readonly string[],
  form: Form,
  usual: string,
): ImageProbe[] {
  const names = [...new Set([nameOf(usual), outsider])];
  return [
    ...names.flatMap((name) => tags.map((tag) => taggedProbe(name, tag, form))),
    ...taggedImages.map((text) => namedProbe(text, stems, form)),
  ];
}

/** An image without its tag and digest. */
function nameOf(text: string): string {
  return text.replace(/@.*$/, "").replace(/:[^/]*$/, "");
}

function taggedProbe(name: string, tag: string, form: Form): ImageProbe {
  const pinned = form.includes("@") ? digest : "";
  const parents = [`${name}${form}`, name, `${name}:1.2.3`, `${name}:latest`, `${outsider}:${tag}${pinned}`];
  const text = `${name}:${tag}${pinned}`;
  return image(
    "named-tag",
    text,
    parents.filter((parent) => parent !== text),
    tag,
  );
}

/** An image that a text names with its tag or digest: it may be the only one of its repository that is meant. */
function namedProbe(text: string, stems: readonly string[], form: Form): ImageProbe {
  const name = nameOf(text);
  const rest = text.slice(name.length);
  const isShort = !/[.:]/.test(name.split("/")[0] ?? "");
  const ordinary = [outsider, ...(isShort ? ["nginx", "someone/app"] : []), ...belowShorter(name, stems, ""), name];
  const endings = new Set<string>([form, rest.includes("@") ? digest : ":1.2.3", rest]);
  const parents = ordinary.flatMap((other) => [...endings].map((ending) => `${other}${ending}`));
  return image(
    "named",
    text,
    parents.filter((parent) => parent !== text),
  );
}
