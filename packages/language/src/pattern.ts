/** Which list a pattern stands in: it decides what a pattern without a port means. */
export type PatternList = "allow" | "deny";

/**
 * One image pattern without braces, normalised as a reference is: what is literal in it is in the form in which
 * `Reference` holds it. A pattern is matched part by part, each part anchored at both ends.
 */
export interface Pattern {
  /** The pattern as it is printed once normalised: `docker.io/library/nginx`, `registry.my.com/**`. */
  readonly text: string;
  readonly registry: RegistryPattern;
  readonly repository: RepositoryPattern;
  /** A glob: `*` is zero or more characters. Absent: any tag, or none. */
  readonly tag?: string;
  /** A glob over `sha256:…`. Absent: any digest, or none. */
  readonly digest?: string;
}

/** `any` is `**`: any registry, any port. */
export type RegistryPattern =
  | { readonly kind: "any" }
  | {
      readonly kind: "host";
      /**
       * The host's labels, lower case, in which `*` is one or more characters of one label; a first label `**` is one
       * or more labels. A bracketed address is one label.
       */
      readonly labels: readonly string[];
      /** `default`: 443, or none written. `any`: any port, or none. Otherwise the digits, without leading zeros. */
      readonly port: "default" | "any" | string;
    };

/**
 * Components in which `*` is zero or more characters (a component is never empty). A component `**` is one or more
 * components at the end, none or more elsewhere.
 */
export type RepositoryPattern = readonly string[];
