/*
 * The grammar of image references as RE2 expressions: that of github.com/distribution/reference (regexp.go), without
 * what the language leaves out (registries that are no valid host, digests that are not sha256, sha384 or sha512).
 */

const alphanumeric = "[a-zA-Z0-9]";
const label = `${alphanumeric}+(?:-+${alphanumeric}+)*`;
const port = "(?::[0-9]+)?";

/** An address in brackets: digits alone, as in `[82]/x`, read as a registry only with a port. */
const bracketed = `[[](?:[a-f0-9]+[]]:[0-9]+|[a-f0-9]*[A-F:][a-fA-F0-9:]*[]]${port})`;

/** A host name or a bracketed address, and its port. */
const registry = `(?:${label}(?:[.]${label})*${port}|${bracketed})`;

/** One component of a repository. */
export const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";

/** The first component of a short name that has several: with a dot in it, it would have to be a registry. */
const firstOfShortName = "[a-z0-9]+(?:(?:__?|-+)[a-z0-9]+)*";

/** Registry (or the first component of a short name) and repository. */
export const name = `(?:(?:${registry}|${firstOfShortName})/(?:${component}/)*)?${component}`;

export const tagOfAnyLength = "[A-Za-z0-9_][A-Za-z0-9_.-]*";

const tag = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";

export const digest = "sha(?:256:[a-f0-9]{64}|384:[a-f0-9]{96}|512:[a-f0-9]{128})";

/** A valid image reference, all but two rules: at most 512 characters, and no image id. */
export const reference = `^${name}(?::${tag})?(?:@${digest})?$`;

/**
 * `reference`, in another form for Go's `regexp`, which is far slower with an expression that compiles to more than 500
 * instructions (`maxBacktrackProg` of regexp/backtrack.go): each repetition counts as often as it may repeat.
 */
export const referenceInFewInstructions =
  `^${name}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,15}(?:[A-Za-z0-9_.-]{16}){0,7})?` +
  "(?:@sha(?:256:|384:[a-f0-9]{32}|512:[a-f0-9]{64})[a-f0-9]{64})?$";

const lowerLabel = "[a-z0-9]+(?:-+[a-z0-9]+)*";

/**
 * Most of the valid references that begin with a registry: in lower case with a dot in it, no long tag, no digest but
 * sha256. Each character leaves one way to go on, as in `inFull`.
 */
export const plainReference =
  `^${lowerLabel}(?:[.]${lowerLabel})+${port}(?:/[a-z0-9]+(?:(?:[.]|__?|-+)[a-z0-9]+)*)+` +
  "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?(?:@sha256:[a-f0-9]{64})?$";

/** An image id: it names no registry. */
export const imageId = "^[a-f0-9]{64}$";

export const maximumLength = 512;

/** Of a valid reference: one that begins with a registry. */
export const withRegistry = "^(?:localhost|[^/]*[.:A-Z][^/]*)/";

/** Of a valid reference: one that begins with Docker Hub's registry, however it is spelled. */
export const onDockerHub = "^(?i:(?:index[.])?docker[.]io)(?::0*443)?/";

/** Of a valid reference: one with neither tag nor digest. */
export const untagged = "^(?:[^/]+/)*[^/:@]+$";

/**
 * Of a valid reference: one that is called in full as it is written, unless it is `onDockerHubInShort`. It has a
 * registry in lower case with a dot in it, and no port that may be 443 or have a zero in front.
 *
 * Each character leaves one way to go on, so that Go needs no backtracking (regexp/onepass.go).
 *
 * @param tags whether one with neither tag nor digest is called `…:latest`.
 */
export function inFull({ tags }: { readonly tags: boolean }): string {
  return `^[a-z0-9-]+[.][a-z0-9.-]+(?::[1-35-9][0-9]*)?/${tags ? "[^:@]*[:@]" : ""}`;
}

/**
 * Of a valid reference with a registry in lower case: one that may be on Docker Hub and called otherwise in full. As short
 * as it can be, for its length counts as a cost: `index` is for `index.docker.io`.
 */
export const onDockerHubInShort = "^(?:index.*|docker[.]io/[^/]+)$";
