/**
 * Text as an RE2 expression that matches just it. Signs are put into classes (`[.]`) rather than behind a backslash:
 * no layer below (YAML, JSON, Rego, CEL, JMESPath) has to escape it again, and Kyverno's rewriting of `object.spec`
 * inside literals (pkg/cel/autogen/replacement.go) finds nothing to rewrite.
 */
export function literal(text: string): string {
  return text.replace(/[.+*?()|[\]{}^$\\]/g, (sign) => (sign === "^" || sign === "\\" ? `\\${sign}` : `[${sign}]`));
}

/** A glob as an RE2 expression: `*` becomes `anything`, every other character stands for itself. */
export function globExpression(glob: string, anything: string): string {
  return glob.split("*").map(literal).join(anything);
}

/**
 * A glob over text of any kind (a user, a namespace, an annotation) as an anchored expression: `*` spans lines.
 */
export function anchoredGlob(glob: string): string {
  return glob.includes("*") ? `(?s)^${globExpression(glob, ".*")}$` : `^${literal(glob)}$`;
}
