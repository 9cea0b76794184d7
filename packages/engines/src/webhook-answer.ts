import { isObject, valueAt } from "@registry-policy/language";
import type { EngineVerdict } from "./engine.js";

export const reviewVersion = "admission.k8s.io/v1";
export const reviewKind = "AdmissionReview";

/** What a webhook says of a request. */
export type Said = Pick<EngineVerdict, "verdict" | "messages" | "error">;

/**
 * What an AdmissionReview says. What the API server takes for no answer is none: `VerifyAdmissionResponse` of
 * k8s.io/apiserver pkg/admission/plugin/webhook/request, and its strict reading of the types.
 */
export function verdictOfAnswer(answer: unknown, uid: string): Said {
  const isReview = valueAt(answer, ["apiVersion"]) === reviewVersion && valueAt(answer, ["kind"]) === reviewKind;
  if (!isReview) return failed(`its answer is no \`${reviewKind}\` of \`${reviewVersion}\``);
  const allowed = valueAt(answer, ["response", "allowed"]);
  if (valueAt(answer, ["response", "uid"]) !== uid) return failed("its answer does not have the uid of the request");
  if (typeof allowed !== "boolean") return failed("its answer does not say whether the request is allowed");
  const hasPatch = (valueAt(answer, ["response", "patch"]) ?? "") !== "";
  const hasType = (valueAt(answer, ["response", "patchType"]) ?? null) !== null;
  if (hasPatch || hasType) return failed("its answer has a patch, as if it were a mutating webhook");
  const warnings = valueAt(answer, ["response", "warnings"]) ?? [];
  const records = valueAt(answer, ["response", "auditAnnotations"]) ?? {};
  if (!isTexts(warnings)) return failed("the `warnings` of its answer are no list of texts");
  if (!isObject(records) || !isTexts(Object.values(records))) {
    return failed("the `auditAnnotations` of its answer are no mapping to texts");
  }
  const message = valueAt(answer, ["response", "status", "message"]);
  const code = valueAt(answer, ["response", "status", "code"]);
  const messages = typeof message === "string" ? [message] : [];
  if (!allowed) {
    // The API server refuses then too, but nothing was decided.
    if (typeof code === "number" && code >= 500) return failed(messages[0] ?? `its answer has the code ${code}`);
    return { verdict: "deny", messages };
  }
  if (warnings.length > 0) return { verdict: "warn", messages: warnings };
  const recorded = Object.values(records) as readonly string[];
  return recorded.length > 0 ? { verdict: "audit", messages: recorded } : { verdict: "allow", messages: [] };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

/** No verdict, and why there is none. */
export function failed(why: string): Said {
  return { verdict: "error", messages: [], error: `the webhook did not decide: ${why}` };
}
