import { expandBraces } from "./expand-braces.js";
import type { Pattern, PatternList } from "./pattern.js";
import { isDigestGlob, isTagGlob, repositoryProblem } from "./pattern-parts.js";
import { quote } from "./quote.js";
import { hasRegistry, parseRegistryPattern } from "./registry-pattern.js";
import { isProblem, type TextProblem } from "./text-problem.js";

/** The longest pattern that is read, its braces written out: no longer reference is valid. */
export const maximumPatternLength = 512;

/**
 * Parses one item of `allow` or `deny`: its braces are written out, then each pattern is read.
 *
 * @returns at least one pattern, or the first thing that is wrong.
 */
export function parsePatterns(
  text: string,
  list: PatternList,
): { readonly patterns: readonly Pattern[] } | { readonly problem: TextProblem } {
  const expanded = expandBraces(text);
  if (isProblem(expanded)) return expanded;
  const patterns: Pattern[] = [];
  for (const alternative of expanded.texts) {
    const parsed = parsePattern(alternative, list);
    if (isProblem(parsed)) return parsed;
    patterns.push(parsed);
  }
  return { patterns };
}

/**
 * Parses one pattern without braces: `registry[:port][/repository][:tag][@digest]`.
 *
 * @param list what an absent port means: the default one only in `allow`, any port in `deny`.
 * @returns the pattern, normalised as a reference is, or what is wrong with it; nothing is thrown.
 */
export function parsePattern(text: string, list: PatternList): Pattern | { readonly problem: TextProblem } {
  if (text.length > maximumPatternLength) {
    return problem(
      "pattern-too-long",
      `a pattern has ${text.length} characters, more than the ${maximumPatternLength} of the longest reference`,
      "shorten it; `*` and `**` stand for any text",
    );
  }
  const strange = /[^!-~]/u.exec(text)?.[0];
  if (strange !== undefined || text === "") return problem("invalid-pattern", ...strangeCharacter(text, strange));
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*:)?\/\//.exec(text)?.[0];
  if (scheme !== undefined) {
    return problem(
      "invalid-pattern",
      `${quote(text)} is a URL, not a pattern`,
      `write ${quote(text.slice(scheme.length))}`,
    );
  }

  const { location, tag, digest } = splitPattern(text);
  if (!hasRegistry(location)) return problem("pattern-without-registry", ...withoutRegistry(text, location));

  const slash = location.indexOf("/");
  const registry = parseRegistryPattern(slash < 0 ? location : location.slice(0, slash), list, text);
  if (isProblem(registry)) return registry;

  const written = slash < 0 ? "**" : location.slice(slash + 1);
  const invalid =
    repositoryProblem(written, text) ?? partProblem("tag", tag, text) ?? partProblem("digest", digest, text);
  if (invalid !== undefined) return { problem: invalid };

  const components = written.split("/");
  const isOfficial = registry.isDockerHub && components.length === 1 && components[0] !== "**";
  const repository = isOfficial ? ["library", ...components] : components;
  const suffix = `${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
  return {
    text: `${registry.text}/${repository.join("/")}${suffix}`,
    registry: registry.pattern,
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** The digest is what follows the first `@`, the tag what follows a `:` after the registry. */
function splitPattern(text: string): { location: string; tag?: string; digest?: string } {
  const at = text.indexOf("@");
  const digest = at < 0 ? {} : { digest: text.slice(at + 1) };
  const named = at < 0 ? text : text.slice(0, at);
  const slash = named.indexOf("/");
  // Without a `/`, what follows the `:` is a port; only after `**`, which has none, is it a tag.
  if (slash < 0 && !named.startsWith("**:")) return { location: named, ...digest };
  const colon = named.indexOf(":", Math.max(slash, 0));
  if (colon < 0) return { location: named, ...digest };
  return { location: named.slice(0, colon), tag: named.slice(colon + 1), ...digest };
}

function partProblem(part: "tag" | "digest", glob: string | undefined, text: string): TextProblem | undefined {
  if (glob === undefined) return undefined;
  if (glob.includes("**")) {
    return {
      code: "misplaced-double-star",
      message: `the ${part} of ${quote(text)} has a \`**\``,
      help: `write one \`*\`, which stands for any number of characters`,
    };
  }
  if (part === "tag" ? isTagGlob(glob) : isDigestGlob(glob)) return undefined;
  const [form, example] =
    part === "tag"
      ? ["at most 128 letters, digits, `_`, `.` and `-`, the first no `.` or `-`", "v1.*"]
      : ["`sha256:` with 64 lower-case hexadecimal digits, `sha384:` with 96 or `sha512:` with 128", "sha256:*"];
  return {
    code: glob.includes("*") ? "pattern-matches-nothing" : "invalid-pattern",
    message: glob === "" ? `the ${part} of ${quote(text)} is empty` : `no ${part} can be ${quote(glob)}`,
    help: `a ${part} is ${form}; \`*\` stands for any number of characters, as in ${quote(example)}`,
  };
}

function strangeCharacter(text: string, character: string | undefined): [string, string] {
  if (character === undefined) return ["a pattern is empty", "write a registry, as in `docker.io`, or remove the item"];
  const point = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const named = character === " " ? "a space" : `the character ${point}`;
  return [
    `${quote(text)} has ${named}, which no reference can have`,
    "write letters, digits and punctuation of ASCII only",
  ];
}

function withoutRegistry(text: string, location: string): [string, string] {
  const message = `${quote(text)} does not begin with a registry`;
  const first = location.split("/")[0] ?? "";
  if (first.includes("*")) {
    const repository = location.includes("/") ? `/${text.slice(text.indexOf("/") + 1)}` : "";
    return [message, `write ${quote(`**${repository}`)} for any registry`];
  }
  if (first === "") return [message, `write the registry in front of the \`/\`, as in ${quote(`docker.io${text}`)}`];
  return [message, `write ${quote(`docker.io/${location.includes("/") ? text : `library/${text}`}`)}`];
}

function problem(code: TextProblem["code"], message: string, help: string): { problem: TextProblem } {
  return { problem: { code, message, help } };
}
