import { type Kind, kinds, type Policy } from "@registry-policy/language";
import { celText, celTexts } from "./cel-text.js";
import type { NamedExpression } from "./named-expression.js";
import { mapsAt } from "./object-path.js";

/**
 * The scope of a policy, as far as the rules for resources and the namespace selector cannot say it. A request that
 * does not meet one of these is out of scope.
 *
 * There are at most five, where an API server takes 64. They see no variables: where they guard a webhook, the API
 * server evaluates them alone (k8s.io/apiserver pkg/admission/plugin/webhook/matchconditions).
 */
export function matchConditions({ match, exempt }: Policy): NamedExpression[] {
  const { users, groups, breakGlass } = exempt;
  const conditions: NamedExpression[] = [];
  const add = (name: string, expression: string) => conditions.push({ name, expression });
  if (match.namespaces.length > 0) add("namespaces", allOf(namespaceMatches(match.namespaces)));
  if (match.excludeNamespaces.length > 0)
    add("exclude-namespaces", `!(${allOf(namespaceMatches(match.excludeNamespaces))})`);
  if (users.length > 0) {
    // A request without a user is exempt by no glob, not even by `*`.
    const user = "request.userInfo.username";
    add("exempt-users", `!(${allOf([...hasUserInfo("username"), `${user} != ''`, matchesOneOf(user, users)])})`);
  }
  if (groups.length > 0) {
    const isExempt = `request.userInfo.groups.exists(group, ${matchesOneOf("group", groups)})`;
    add("exempt-groups", `!(${allOf([...hasUserInfo("groups"), isExempt])})`);
  }
  if (breakGlass !== undefined) add("break-glass", unlessGlassIsBroken(match.kinds, breakGlass));
  return conditions;
}

function allOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? "") : conditions.join(" && ");
}

function namespaceMatches(globs: readonly string[]): string[] {
  if (globs.includes("*")) return ["true"];
  return ["has(request.namespace)", matchesOneOf("request.namespace", globs)];
}

/** A background scan has no user at all. */
function hasUserInfo(field: string): string[] {
  return ["has(request.userInfo)", `has(request.userInfo.${field})`];
}

/** Whether a text matches one of several globs, in each of which `*` is at the start, at the end, or at both. */
function matchesOneOf(text: string, globs: readonly string[]): string {
  const exact = globs.filter((glob) => !glob.includes("*"));
  const conditions = globs.filter((glob) => glob.includes("*")).map((glob) => matchesGlob(text, glob));
  if (exact.length > 0) conditions.unshift(`${text} in ${celTexts(exact)}`);
  const alternatives = [...new Set(conditions)];
  return alternatives.length === 1 ? (alternatives[0] ?? "") : `(${alternatives.join(" || ")})`;
}

function matchesGlob(text: string, glob: string): string {
  const literal = glob.replace(/^\*+|\*+$/g, "");
  if (literal === "") return "true";
  if (!glob.startsWith("*")) return `${text}.startsWith(${celText(literal)})`;
  return `${text}.${glob.endsWith("*") ? "contains" : "endsWith"}(${celText(literal)})`;
}

type BrokenGlass = NonNullable<Policy["exempt"]["breakGlass"]>;

/** The annotation is read from the metadata of the pod, or of the pod template, whatever the object's own says. */
function unlessGlassIsBroken(policyKinds: readonly Kind[], { annotation, value = "*" }: BrokenGlass): string {
  const byPath = new Map<string, Kind[]>();
  for (const kind of policyKinds) {
    const path = [...kinds[kind].podTemplate, "metadata", "annotations"].join(".");
    byPath.set(path, [...(byPath.get(path) ?? []), kind]);
  }
  const key = celText(annotation);
  const alternatives = [...byPath].map(([path, names]) => {
    const text = `object.${path}[${key}]`;
    const conditions = [
      `request.kind.kind in ${celTexts(names)}`,
      ...mapsAt(path.split(".")),
      `${key} in object.${path}`,
      `type(${text}) == string`,
      ...(value === "*" ? [] : [matchesOneOf(text, [value])]),
    ];
    return `(\n    ${conditions.join(" &&\n    ")}\n  )`;
  });
  return `!(\n  ${alternatives.join(" ||\n  ")}\n)`;
}
