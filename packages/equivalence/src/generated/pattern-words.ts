import type { MarkedWord, Words } from "@registry-policy/automata";
import { isDockerHub, type Pattern, type Policy, parseRegistry, type RegistryPattern } from "@registry-policy/language";

const hexadecimal = "0123456789abcdef";
/** A digest that is one. */
export const digest = `@sha256:${hexadecimal.repeat(4)}`;

/** What images are made of that no policy speaks of. */
const ordinary = {
  registry: "evil.example",
  short: "app",
  component: "/app",
  tag: ":1.0",
} as const;

/** Every policy is tried with these: names of every form, and what is no name. */
const always: Words = {
  first: [ordinary.registry, ordinary.short, "docker.io", "localhost:5000"],
  next: [ordinary.component, ordinary.tag, ":latest", digest],
};

/** The words that the images of a policy are made of, and which of them mean something in it. */
export interface PolicyWords extends Words {
  readonly marked: readonly MarkedWord[];
}

/**
 * Takes the patterns of a policy apart into registries, components, tags and digests.
 *
 * @param patterns those of the policy that are looked at.
 * @param tags the tags that may not run, as globs.
 */
export function patternWords(
  { images }: Pick<Policy, "images">,
  patterns: readonly Pattern[],
  tags: readonly string[],
): PolicyWords {
  const fallback = parseRegistry(images.defaultRegistry);
  const marked = [
    ...patterns.flatMap(({ registry }) => registryWords(registry)),
    ...patterns.flatMap(({ repository }) => repository.flatMap(componentWords)),
    ...patterns.flatMap(({ tag }) => (tag === undefined ? [] : tagWords(tag))),
    ...tags.flatMap(tagWords),
    ...patterns.flatMap((pattern) => (pattern.digest === undefined ? [] : digestWords(pattern.digest))),
    ...(images.require.explicitTag ? tagWords("latest") : []),
    ...(images.require.digest ? digestWords("*") : []),
    ...("invalid" in fallback ? [] : patterns.flatMap((pattern) => shortWords(pattern, fallback))),
  ];
  const unique = [...new Map(marked.map((word) => [`${word.isFirst} ${word.text}`, word])).values()];
  const texts = (isFirst: boolean) => unique.filter((word) => word.isFirst === isFirst).map(({ text }) => text);
  return {
    first: [...new Set([...always.first, ...texts(true)])],
    next: [...new Set([...always.next, ...texts(false)])],
    marked: unique,
  };
}

/** A glob with something in the place of each `*`. */
function written(glob: string, star: string): string {
  return glob.replaceAll("*", star);
}

function registryWords(pattern: RegistryPattern): MarkedWord[] {
  if (pattern.kind === "any") return [];
  const isOpen = pattern.labels[0] === "**";
  const labels = isOpen ? pattern.labels.slice(1) : pattern.labels;
  const hostWith = (star: string) => labels.map((label) => written(label, star)).join(".");
  const host = isOpen ? `a.${hostWith("x")}` : hostWith("x");
  const isPort = /^[0-9]/.test(pattern.port);
  const port = isPort ? `:${pattern.port}` : "";
  const dots = [...host.matchAll(/\./g)].map(({ index }) => `${host.slice(0, index)}x${host.slice(index + 1)}`);
  const others = isOpen
    ? [hostWith("x"), `a.b.${hostWith("x")}`]
    : labels.some((label) => label.includes("*"))
      ? [hostWith("x.y"), hostWith("")]
      : [];
  const near = [
    ...dots.map((text) => text + port),
    ...others.map((text) => text + port),
    `${host}.evil.example${port}`,
    `${host}x${port}`,
    `evil${host}${port}`,
    `evil.${host}${port}`,
    `evil.example/${host}${port}`,
    host.replace(/[a-z]/, (letter) => letter.toUpperCase()) + port,
    ...(isPort ? [host, `${host}:0${pattern.port}`, `${host}:${pattern.port}0`] : [`${host}:443`, `${host}:5000`]),
  ];
  return [{ text: host + port, usual: ordinary.registry, near, isFirst: true }];
}

function componentWords(component: string): MarkedWord[] {
  if (component === "**" || component === "*") return [];
  const text = written(component, "x");
  const near = [
    ...(component.includes("*") ? [written(component, ""), written(component, "x/y")] : []),
    `${text}-evil`,
    `${text}x`,
    `x${text}`,
    text.slice(0, -1),
    text.toUpperCase(),
    `${text}/`,
    `/${text}`,
  ];
  return [piece("/", text, ordinary.component, near)];
}

function tagWords(tag: string): MarkedWord[] {
  if (tag === "*") return [];
  const text = written(tag, "x").replace(/^:/, "");
  return [piece(":", text, ordinary.tag, [`${text}x`, `x${text}`, text.slice(0, -1), text.toUpperCase(), ""])];
}

function digestWords(glob: string): MarkedWord[] {
  const text = /^sha256:[0-9a-f]{64}$/.test(glob) ? glob : digest.slice(1);
  const other = text.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  const near = [other, text.slice(0, -1), `${text}0`, text.toUpperCase(), `sha512:${hexadecimal.repeat(8)}`, "sha256:"];
  return [piece("@", text, "", near)];
}

/** A name without its registry, where that may be left out. */
function shortWords({ registry, repository }: Pattern, fallback: { host: string; port?: string }): MarkedWord[] {
  if (registry.kind === "any" || registry.labels.join(".") !== fallback.host) return [];
  const names = isDockerHub(fallback) && repository[0] === "library" ? repository.slice(0, 2) : repository.slice(0, 1);
  return names
    .filter((name) => name !== "**" && name !== "*")
    .map((name) => {
      const text = written(name, "x");
      return { text, usual: ordinary.short, near: [`${text}x`, `x${text}`, `${text}-evil`], isFirst: true };
    });
}

function piece(sign: string, text: string, usual: string, near: readonly string[]): MarkedWord {
  return {
    text: sign + text,
    usual,
    near: [...new Set(near)].filter((one) => one !== text).map((one) => sign + one),
    isFirst: false,
  };
}
