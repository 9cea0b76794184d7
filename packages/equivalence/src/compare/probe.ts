/** Why an image is tried, beside what it is made from. */
export type ProbeKind =
  | "outside"
  | "docker-hub"
  | "short-name"
  | "local"
  | "below"
  | "after"
  | "before"
  | "itself"
  | "dot"
  | "case"
  | "port"
  | "default-port"
  | "nested"
  | "tag"
  | "latest"
  | "untagged"
  | "digest"
  | "invalid"
  | "missing"
  | "named"
  | "named-tag"
  | "shortest";

/** An image to try. Its parents differ from it in one thing: where one of them tells the sides apart, it explains this. */
export interface ImageProbe {
  readonly id: string;
  readonly kind: ProbeKind;
  /** What stands in the field; `undefined`: there is no field. */
  readonly value: unknown;
  readonly parents: readonly string[];
  /** What it was made from. */
  readonly stem?: string;
}

/** A digest as an image has it, with its `@`. */
export const digest = `@sha256:${"0123456789abcdef".repeat(4)}`;

/** The image of a registry that no policy speaks of. */
export const outsider = "evil.example/app";

/**
 * What stands after the repository of an ordinary image: a policy may ask for a tag or a digest, and then nothing can be
 * said of its registries with images that have none. Tags are most often versions of three numbers, with or without a `v`.
 */
export const forms = ["", ":1.2.3", ":v1.2.3", digest, `:1.2.3${digest}`] as const;
export type Form = (typeof forms)[number];

/** An image of a text. */
export function image(kind: ProbeKind, value: string, parents: readonly string[] = [], stem?: string): ImageProbe {
  return { id: value, kind, value, parents, ...(stem !== undefined && { stem }) };
}

/** What is below a shorter stem, of which a name is below too. */
export function belowShorter(name: string, stems: readonly string[], form: Form): string[] {
  return stems.filter((stem) => name.startsWith(`${stem}/`)).map((stem) => `${stem}/app${form}`);
}
