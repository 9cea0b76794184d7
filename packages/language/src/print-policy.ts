import { stringify } from "yaml";
import { defaultKinds } from "./kinds.js";
import type { Match, PatternEntry, Policy } from "./policy.js";
import type { RawPolicy } from "./policy-schema.js";

/**
 * Prints a policy as YAML, what is as by default left out. Parsing the text gives an equal policy, apart from its
 * locations. Texts that YAML 1.1 would read as something else (`no`, `012`) are quoted too.
 */
export function printPolicy(policy: Policy): string {
  return stringify(rawPolicy(policy), {
    lineWidth: 0,
    compat: "yaml-1.1",
    aliasDuplicateObjects: false,
    // A block scalar of `yaml` loses the space of " \n": texts of several lines are between double quotes.
    blockQuote: false,
  });
}

/** The document that a policy is parsed from, in the form of the schema. */
export function rawPolicy(policy: Policy): RawPolicy {
  const { name, labels, annotations, title, description, category, severity, enforcement, images, exempt } = policy;
  const { users, groups, breakGlass } = exempt;
  const spec = {
    title,
    description,
    category,
    severity,
    enforcement: enforcement === "deny" ? undefined : enforcement,
    match: unlessEmpty(rawMatch(policy.match)),
    images: rawImages(images),
    exempt: unlessEmpty({ users: unlessEmptyList(users), groups: unlessEmptyList(groups), breakGlass }),
  };
  return {
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: withoutUndefined({ name, labels: unlessEmpty(labels), annotations: unlessEmpty(annotations) }),
    spec: withoutUndefined(spec),
  };
}

type RawSpec = RawPolicy["spec"];

function rawMatch({ kinds, namespaces, excludeNamespaces, namespaceSelector }: Match): NonNullable<RawSpec["match"]> {
  const isDefault = kinds.length === defaultKinds.length && kinds.every((kind, index) => kind === defaultKinds[index]);
  return withoutUndefined({
    kinds: isDefault ? undefined : kinds,
    namespaces: unlessEmptyList(namespaces),
    excludeNamespaces: unlessEmptyList(excludeNamespaces),
    namespaceSelector,
  });
}

function rawImages({
  defaultRegistry,
  allow,
  deny,
  require,
  denyTags,
}: Policy["images"]): NonNullable<RawSpec["images"]> {
  return withoutUndefined({
    defaultRegistry: defaultRegistry === "docker.io" ? undefined : defaultRegistry,
    allow: allow?.map(rawEntry),
    deny: unlessEmptyList(deny)?.map(rawEntry),
    require: unlessEmpty(
      withoutUndefined({
        registry: require.explicitRegistry ? ("explicit" as const) : undefined,
        tag: require.explicitTag ? ("explicit" as const) : undefined,
        digest: require.digest ? true : undefined,
      }),
    ),
    denyTags: unlessEmptyList(denyTags)?.map(({ text }) => text),
  });
}

function rawEntry({ text, reason }: PatternEntry): string | { readonly pattern: string; readonly reason: string } {
  return reason === undefined ? text : { pattern: text, reason };
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function unlessEmpty<T extends object>(fields: T): Defined<T> | undefined {
  const defined = withoutUndefined(fields);
  return Object.keys(defined).length === 0 ? undefined : defined;
}

function unlessEmptyList<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
