import { matchesPattern, type Pattern, parseReference, type Reference } from "@registry-policy/language";

/**
 * Some image that a pattern matches, made without an automaton: to sort out what need not be looked at closely.
 *
 * @returns `undefined` where a simple attempt makes none; that does not mean that there is none.
 */
export function sampleImage(pattern: Pattern): Reference | undefined {
  const { registry, repository, tag, digest } = pattern;
  const host = registry.kind === "any" ? "x.x" : registry.labels.map(filled).join(".");
  const number = registry.kind === "any" || /^[a-z]/.test(registry.port) ? "443" : registry.port;
  const path = repository.map(filled).join("/");
  const end =
    digest === undefined ? "" : `@${/^sha256:[a-f0-9]{64}$/.test(digest) ? digest : `sha256:${"0".repeat(64)}`}`;
  const image = `${host}:${number}/${path}${tag === undefined ? "" : `:${filled(tag)}`}${end}`;
  const reference = parseReference(image, "docker.io");
  return "invalid" in reference || !matchesPattern(pattern, reference) ? undefined : reference;
}

function filled(glob: string): string {
  return glob.replace(/\*+/g, "x");
}
