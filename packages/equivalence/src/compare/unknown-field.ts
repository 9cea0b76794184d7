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

/** The first of them in a side's Rego: OPA takes such a field for undefined, and says nothing. */
export function unknownField({ files, judges }: ComparedSide): UnknownField | undefined {
  if (judges !== "gatekeeper" && judges !== "opa-rego") return undefined;
  for (const { text } of files) {
    for (const [read, document = "", field = ""] of text.matchAll(/\binput\.(review|request)\.(\w+)(?:\.\w+)*/g)) {
      if (!requestFields.has(field)) return { read, field, of: `a ${document}` };
    }
  }
  return undefined;
}
