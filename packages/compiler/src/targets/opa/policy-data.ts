import { type Kind, kinds, type Policy, parseRegistry } from "@registry-policy/language";
import { type PatternTable, patternTable } from "./pattern-table.js";

/** A policy as the Rego reads it. Every text of the policy is a value or a key here and nowhere else. */
export interface PolicyData {
  /** Raised where the Rego would read the data of an older one wrongly: it refuses what it does not know. */
  readonly dataVersion: 1;
  readonly title?: string;
  readonly description?: string;
  readonly category?: string;
  readonly severity?: string;
  readonly enforcement: Policy["enforcement"];
  readonly match: {
    /** The group of each kind. */
    readonly kinds: Readonly<Record<string, string>>;
    readonly namespaces: readonly string[];
    readonly excludeNamespaces: readonly string[];
    readonly namespaceSelector?: {
      readonly matchLabels: Readonly<Record<string, string>>;
      readonly matchExpressions: readonly object[];
    };
  };
  readonly images: {
    /** Its port is empty where it is 443. */
    readonly defaultRegistry: { readonly host: string; readonly port: string };
    readonly allow?: PatternTable;
    readonly deny: PatternTable;
    readonly require: { readonly registry?: "explicit"; readonly tag?: "explicit"; readonly digest?: true };
    readonly denyTags: readonly string[];
  };
  readonly exempt: {
    readonly users: readonly string[];
    readonly groups: readonly string[];
    readonly breakGlass?: { readonly annotation: string; readonly value: string };
  };
}

/** The policy as data. */
export function policyData(policy: Policy): PolicyData {
  const { title, description, category, severity, enforcement, match, images, exempt } = policy;
  const { namespaceSelector } = match;
  const { breakGlass } = exempt;
  return {
    dataVersion: 1,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(category !== undefined && { category }),
    ...(severity !== undefined && { severity }),
    enforcement,
    match: {
      kinds: Object.fromEntries(match.kinds.map((kind: Kind) => [kind, kinds[kind].group])),
      namespaces: match.namespaces,
      excludeNamespaces: match.excludeNamespaces,
      ...(namespaceSelector !== undefined && {
        namespaceSelector: {
          matchLabels: namespaceSelector.matchLabels ?? {},
          matchExpressions: namespaceSelector.matchExpressions ?? [],
        },
      }),
    },
    images: {
      defaultRegistry: defaultRegistry(images.defaultRegistry),
      ...(images.allow !== undefined && { allow: patternTable(images.allow) }),
      deny: patternTable(images.deny),
      require: {
        ...(images.require.explicitRegistry && { registry: "explicit" }),
        ...(images.require.explicitTag && { tag: "explicit" }),
        ...(images.require.digest && { digest: true }),
      },
      denyTags: images.denyTags.map(({ text }) => text),
    },
    exempt: {
      users: exempt.users,
      groups: exempt.groups,
      ...(breakGlass !== undefined && {
        breakGlass: { annotation: breakGlass.annotation, value: breakGlass.value ?? "*" },
      }),
    },
  };
}

function defaultRegistry(text: string): { host: string; port: string } {
  const registry = parseRegistry(text);
  if ("invalid" in registry)
    throw new Error(`the default registry \`${text}\` of a valid policy is none: ${registry.invalid}`);
  return { host: registry.host, port: registry.port ?? "" };
}
