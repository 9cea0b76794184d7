import type { ComparedSide } from "./compared-side.js";

/** Fields of `admission.k8s.io/v1` AdmissionRequest, and what Gatekeeper adds to them. */
const requestFields = new Set([
  "uid",
  "kind",
  "resource",
  "subResource",
  "requestKind",
  "requestResource",
  "requestSubResource",
  "name",
  "namespace",
  "operation",
  "userInfo",
  "object",
  "oldObject",
  "dryRun",
  "options",
  "_unstable",
  "namespaceObject",
  "isGenerated",
]);

/** A field that Rego reads, and that no request has: what depends on it is never true. */
export interface UnknownField {
  /** As it is written: `input.review.spec.kind`. */
  readonly read: string;
  readonly field: string;
  readonly of: string;
}

/** What the input of the Rego of each engine has. */
const inputFields: Readonly<Record<string, readonly string[]>> = {
  gatekeeper: ["review", "parameters"],
  "opa-rego": ["request", "kind", "apiVersion"],
};

/** The first of them in a side's Rego: OPA takes such a field for undefined, and says nothing. */
export function unknownField({ files, judges }: ComparedSide): UnknownField | undefined {
  const known = inputFields[String(judges)];
  if (known === undefined) return undefined;
  const read = files.flatMap(({ text }) => [...text.matchAll(/\binput\.(\w+)(?:\.(\w+))?(?:\.\w+)*/g)]);
  // Rego that is made for several engines reads what one of them has.
  const isMeantForThis = read.some(([, root = ""]) => known.includes(root));
  for (const [path, root = "", field] of read) {
    if (!known.includes(root) && !isMeantForThis) return { read: path, field: root, of: "the input" };
    const isOfRequest = root === "review" || root === "request";
    if (isOfRequest && known.includes(root) && field !== undefined && !requestFields.has(field)) {
      return { read: path, field, of: `a ${root}` };
    }
  }
  return undefined;
}
