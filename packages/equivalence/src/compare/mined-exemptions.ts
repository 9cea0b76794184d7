import { isObject, ownProperty, type Policy } from "@registry-policy/language";

/** Whom and what the texts of a side may leave out, as far as it can be read without understanding them. */
export interface MinedExemptions {
  readonly namespaces: Set<string>;
  /** Names of users, and of groups with `group:` before them. */
  readonly users: Set<string>;
  /** Annotations, `name=value`, and labels of objects with `label:` before them. */
  readonly annotations: Set<string>;
  /** Labels of namespaces that something selects by, by their JSON. */
  readonly labels: Map<string, Readonly<Record<string, string>>>;
}

/** Nobody and nothing. */
export function noExemptions(): MinedExemptions {
  return { namespaces: new Set(), users: new Set(), annotations: new Set(), labels: new Map() };
}

/** Adds what a policy of ours leaves out, which is understood. */
export function addOfPolicy({ exempt, match }: Policy, found: MinedExemptions): void {
  for (const user of exempt.users) found.users.add(user);
  for (const group of exempt.groups) found.users.add(`group:${group}`);
  for (const name of [...match.namespaces, ...match.excludeNamespaces]) found.namespaces.add(name);
  const { breakGlass } = exempt;
  if (breakGlass !== undefined) found.annotations.add(`${breakGlass.annotation}=${breakGlass.value ?? "x"}`);
}

const quoted = /["'`]([^"'`\s]+)["'`]/g;

/** Adds what is written in an expression, in CEL, Rego or JMESPath. */
export function addOfText(text: string, found: MinedExemptions): void {
  // A name, or a list of names: `request.namespace in ['build', 'ci']`.
  for (const [, names = ""] of text.matchAll(/namespace\w{0,20}[^"'`\n]{1,20}((?:["'`][a-z0-9*-]+["'`][\s,]*)+)/gi)) {
    for (const [, name = ""] of names.matchAll(quoted)) found.namespaces.add(name);
  }
  for (const [, names = ""] of text.matchAll(/username[^"'`\n]{1,20}((?:["'`][^"'`\s]+["'`][\s,]*)+)/gi)) {
    for (const [, name = ""] of names.matchAll(quoted)) found.users.add(name);
  }
  for (const [, after, before] of text.matchAll(
    /userInfo\.groups[^"'`\n]{1,40}["'`]([^"'`\s]+)["'`]|["'`]([^"'`\s]+)["'`]\s+in\s+[\w.]*userInfo\.groups/g,
  )) {
    found.users.add(`group:${after ?? before}`);
  }
  for (const [, name = ""] of text.matchAll(/(?:^|["'`\s])(system:[\w:.-]+)/g)) found.users.add(name);
  for (const [, field, indexed, dotted, value] of text.matchAll(
    /\b(label|annotation)s(?:\[["'`]([^"'`\s]+)["'`]\]|\.([\w-]+))[^"'`\w]{1,10}["'`]([^"'`\s]*)["'`]/g,
  )) {
    found.annotations.add(`${field === "label" ? "label:" : ""}${indexed ?? dotted}=${value}`);
  }
}

/** Adds what an object of a manifest selects by, which stands under a key of its parent. */
export function addOfObject(value: object, key: string, found: MinedExemptions): void {
  const choices = selectedLabels(value);
  if (key === "namespaceSelector") {
    const { "kubernetes.io/metadata.name": names = [], ...others } = choices;
    for (const name of names) found.namespaces.add(name);
    for (const labels of chosenInTurn(others)) found.labels.set(JSON.stringify(labels), labels);
  }
  if (key === "selector" || key === "labelSelector" || key === "objectSelector") {
    for (const [name, labels] of Object.entries(choices)) {
      for (const label of labels) found.annotations.add(`label:${name}=${label}`);
    }
  }
  // The subjects of a rule of Kyverno.
  const [kind, name, namespace] = ["kind", "name", "namespace"].map((field) => ownProperty(value, field));
  if (typeof name !== "string") return;
  if (kind === "User") found.users.add(name);
  if (kind === "Group") found.users.add(`group:${name}`);
  if (kind === "ServiceAccount") found.users.add(`system:serviceaccount:${String(namespace)}:${name}`);
}

/** By the labels that a selector names, the values that it names for them. */
function selectedLabels(selector: object): Record<string, readonly string[]> {
  const { matchLabels, matchExpressions } = selector as { matchLabels?: unknown; matchExpressions?: unknown };
  const found: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(isObject(matchLabels) ? matchLabels : {})) found[name] = [String(value)];
  for (const item of Array.isArray(matchExpressions) ? matchExpressions : []) {
    const { key, values } = item as { key?: unknown; values?: unknown };
    if (typeof key === "string") found[key] = Array.isArray(values) && values.length > 0 ? values.map(String) : ["x"];
  }
  return found;
}

/** All labels with the first of their values, and then each further value in its turn. */
function chosenInTurn(choices: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, string>>[] {
  const entries = Object.entries(choices);
  if (entries.length === 0) return [];
  const first = Object.fromEntries(entries.map(([name, [value = ""]]) => [name, value]));
  return [
    first,
    ...entries.flatMap(([name, values]) =>
      values.slice(1, maximumValues).map((value) => ({ ...first, [name]: value })),
    ),
  ];
}

const maximumValues = 5;
