import type { ParsedReference } from "@registry-policy/engines";
import type { InvalidReference, Reference } from "@registry-policy/language";

/** One way in which the language reads a reference otherwise than `github.com/distribution/reference`, on purpose. */
export interface ReferenceDeviation {
  /** What the language page says about it. */
  readonly sentence: string;
  /** Whether it explains what the two make of a text. */
  readonly explains: (text: string, theirs: ParsedReference, ours: Reference | InvalidReference) => boolean;
}

const isInvalid = (ours: Reference | InvalidReference): boolean => "invalid" in ours;

/** The deviations of the language page; the spelling of registries is another matter, see `normalisedReference`. */
export const referenceDeviations: readonly ReferenceDeviation[] = [
  {
    sentence:
      "A registry that is no valid host (`my_registry.corp/app`) is `invalid`: runtimes disagree on what it is.",
    explains: (_, theirs, ours) => theirs.error === undefined && theirs.domain === "" && isInvalid(ours),
  },
  {
    sentence: "Anything of more than 512 characters is `invalid`.",
    explains: (text, theirs, ours) => text.length > 512 && theirs.error === undefined && isInvalid(ours),
  },
  {
    sentence: "The shorter limits of names are left to the API server and the kubelet.",
    explains: (_, theirs, ours) =>
      !isInvalid(ours) && theirs.error === "repository name must not be more than 255 characters",
  },
];

/** A reference as both sides can be written: what is compared. */
export interface ComparedReference {
  readonly host: string;
  readonly port: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/**
 * Their reference with the registry spelt as the language page says, which runtimes leave as it is written: lower case,
 * the port without leading zeros and without 443, `docker.io` for `index.docker.io`, and then `library/` in front of a
 * repository of one component. Where neither tag nor digest is written, the tag is `latest`.
 */
export function normalisedReference({ domain, path, tag, digest }: ParsedReference): ComparedReference {
  const [, written = "", digits] = /^(.*?)(?::([0-9]+))?$/.exec(domain.toLowerCase()) ?? [];
  const port = digits === undefined || BigInt(digits) === 443n ? "" : BigInt(digits).toString();
  const host = written === "index.docker.io" && port === "" ? "docker.io" : written;
  const isShort = host === "docker.io" && port === "" && !path.includes("/");
  return {
    host,
    port,
    repository: isShort ? `library/${path}` : path,
    tag: tag === "" && digest === "" ? "latest" : tag,
    digest,
  };
}

/** Our reference in the same form. */
export function comparedReference({ host, port, repository, tag, digest }: Reference): ComparedReference {
  return { host, port: port ?? "", repository, tag: tag ?? "", digest: digest ?? "" };
}
