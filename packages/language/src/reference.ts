import { type Invalid, isDockerHub, parseRegistry, printRegistry, readsAsRegistry } from "./registry.js";

/** An image reference, normalised: two spellings of one image have the same host, port, repository, tag and digest. */
export interface Reference {
  /** Lower case: `ghcr.io`, `localhost`, `10.0.0.7`, `[2001:db8::1]`. */
  readonly host: string;
  /** Digits without leading zeros; absent: 443, written or not. */
  readonly port?: string;
  /** Host and port as they are printed: `ghcr.io`, `localhost:5000`, and `corp:443` for a host without a dot. */
  readonly registry: string;
  /** `library/nginx`. */
  readonly repository: string;
  /** `latest` where neither tag nor digest is written, absent where only a digest is. */
  readonly tag?: string;
  /** `sha256:…`. */
  readonly digest?: string;
  /** Whether the registry was written, not taken from the policy's `defaultRegistry`. */
  readonly registryIsExplicit: boolean;
  /** Whether the tag was written. */
  readonly tagIsExplicit: boolean;
}

/** A text that is no reference, and why: `the repository has an upper-case letter`. */
export type InvalidReference = Invalid;

/** The longest reference that is read: it bounds what every engine pays for one image. */
export const maximumReferenceLength = 512;

const imageId = /^[a-f0-9]{64}$/;
const component = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestForm = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;

/**
 * Reads an image as container runtimes do: the grammar and normalisation of `github.com/distribution/reference`,
 * with the deviations that the language reference lists.
 *
 * @param text as it stands in a pod spec.
 * @param defaultRegistry where a short name such as `nginx` is pulled from, normalised (`docker.io`).
 * @returns the reference, or why it is none; nothing is thrown.
 */
export function parseReference(text: string, defaultRegistry: string): Reference | InvalidReference {
  const unreadable = findUnreadable(text);
  if (unreadable !== undefined) return { invalid: unreadable };

  const slash = text.indexOf("/");
  const registryIsExplicit = slash >= 0 && readsAsRegistry(text.slice(0, slash));
  const registry = parseRegistry(registryIsExplicit ? text.slice(0, slash) : defaultRegistry);
  if ("invalid" in registry) return registry;
  const rest = registryIsExplicit ? text.slice(slash + 1) : text;

  const at = rest.indexOf("@");
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const nameAndTag = at < 0 ? rest : rest.slice(0, at);
  const colon = nameAndTag.indexOf(":");
  const writtenTag = colon < 0 ? undefined : nameAndTag.slice(colon + 1);
  const name = colon < 0 ? nameAndTag : nameAndTag.slice(0, colon);

  const invalid = findInvalidRepository(name) ?? findInvalidTag(writtenTag) ?? findInvalidDigest(digest);
  if (invalid !== undefined) return { invalid };

  const tag = writtenTag ?? (digest === undefined ? "latest" : undefined);
  return {
    host: registry.host,
    ...(registry.port !== undefined && { port: registry.port }),
    registry: printRegistry(registry),
    repository: isDockerHub(registry) && !name.includes("/") ? `library/${name}` : name,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    registryIsExplicit,
    tagIsExplicit: writtenTag !== undefined,
  };
}

/** The reference in full, as it would be pulled: `docker.io/library/nginx:latest`. */
export function printReference(reference: Reference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

/** A component of a repository: lower-case letters and digits, separated by `.`, `_`, `__` or any number of `-`. */
export function isComponent(text: string): boolean {
  return component.test(text);
}

export function isTag(text: string): boolean {
  return tagForm.test(text);
}

function findUnreadable(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.length > maximumReferenceLength) return `it is longer than ${maximumReferenceLength} characters`;
  if (/[\u0000-\u001f\u007f]/.test(text)) return "it has a control character";
  if (text.includes(" ")) return "it has a space";
  if (/[^\u0000-\u007f]/.test(text)) return "it has a character that is not ASCII";
  if (imageId.test(text)) return "it is an image id, which names no registry";
  return undefined;
}

function findInvalidRepository(name: string): string | undefined {
  if (name === "") return "the repository is empty";
  if (/[A-Z]/.test(name)) return "the repository has an upper-case letter";
  const bad = name.split("/").find((part) => !isComponent(part));
  if (bad === undefined) return undefined;
  return bad === "" ? "a component of the repository is empty" : `\`${bad}\` is no valid component of a repository`;
}

function findInvalidTag(tag: string | undefined): string | undefined {
  if (tag === undefined || isTag(tag)) return undefined;
  return tag === "" ? "the tag is empty" : "the tag is not valid";
}

function findInvalidDigest(digest: string | undefined): string | undefined {
  if (digest === undefined || digestForm.test(digest)) return undefined;
  return "the digest is not `sha256:`, `sha384:` or `sha512:` with 64, 96 or 128 lower-case hexadecimal digits";
}
