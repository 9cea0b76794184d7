import type { Kind } from "./kinds.js";
import type { Pattern } from "./pattern.js";
import type { Place } from "./place.js";

export type Enforcement = "deny" | "warn" | "audit";
export type Severity = "low" | "medium" | "high" | "critical";

/** A policy that has been parsed and found valid; every default is filled in. */
export interface Policy {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly title?: string;
  readonly description?: string;
  readonly category?: string;
  readonly severity?: Severity;
  readonly enforcement: Enforcement;
  readonly match: Match;
  readonly images: ImageRules;
  readonly exempt: Exemptions;
  /** Where its name is written. */
  readonly place: Place;
}

export interface Match {
  /** In the order of `kindNames`, without duplicates. */
  readonly kinds: readonly Kind[];
  /** Globs (`*` only at the start, at the end or both); empty: every namespace. */
  readonly namespaces: readonly string[];
  readonly excludeNamespaces: readonly string[];
  readonly namespaceSelector?: LabelSelector;
}

/** A Kubernetes label selector; all of its requirements hold together. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  /** Present and not empty with `In` and `NotIn`, absent otherwise. */
  readonly values?: readonly string[];
}

export interface ImageRules {
  /** Normalised `host[:port]`. */
  readonly defaultRegistry: string;
  /** Absent: every valid image that is not denied is allowed. */
  readonly allow?: readonly PatternEntry[];
  readonly deny: readonly PatternEntry[];
  readonly require: {
    readonly explicitRegistry: boolean;
    readonly explicitTag: boolean;
    readonly digest: boolean;
  };
  /** Tag globs. */
  readonly denyTags: readonly TagEntry[];
}

/** One item of `allow` or `deny`, as written. */
export interface PatternEntry {
  readonly text: string;
  readonly reason?: string;
  readonly place: Place;
  /** What the text stands for once its braces are written out: at least one. */
  readonly patterns: readonly Pattern[];
}

/** One item of `denyTags`, as written: a tag, in which `*` is zero or more characters. */
export interface TagEntry {
  readonly text: string;
  readonly place: Place;
}

export interface Exemptions {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly breakGlass?: { readonly annotation: string /** A glob; absent: any value. */; readonly value?: string };
}
