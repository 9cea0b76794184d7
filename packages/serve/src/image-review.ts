import { type AdmissionRequest, isObject, ownProperty } from "@registry-policy/language";
import type { UnreadableReview } from "./admission-review.js";
import type { Outcome } from "./verdict-texts.js";

/** The only version of the API: `k8s.io/api/imagepolicy/v1alpha1`. */
const apiVersion = "imagepolicy.k8s.io/v1alpha1";

/**
 * Reads an ImageReview of kube-apiserver's ImagePolicyWebhook as the creation of a Pod by nobody: it carries the images
 * of the containers, the annotations with `*.image-policy.k8s.io/*` in their names and the namespace, and no more. So
 * no exemption of a user holds, and image volumes are not seen.
 *
 * @param value any JSON value.
 * @returns the request, or why there is none; nothing is thrown.
 */
export function readImageReview(value: unknown): { readonly request: AdmissionRequest } | UnreadableReview {
  if (ownProperty(value, "kind") !== "ImageReview") return { problem: "the body is no ImageReview" };
  if (ownProperty(value, "apiVersion") !== apiVersion) {
    return { problem: `the ImageReview is of another version than \`${apiVersion}\`, which alone is served` };
  }
  const spec = ownProperty(value, "spec");
  if (!isObject(spec)) return { problem: "the ImageReview has no `spec`" };
  const { containers, annotations = null, namespace = "" } = spec;
  if (!Array.isArray(containers) || containers.length === 0) {
    return { problem: "the `spec` of the ImageReview has no `containers`" };
  }
  if (typeof namespace !== "string") return { problem: "the `namespace` of the ImageReview is no text" };
  if (annotations !== null && !isObject(annotations)) {
    return { problem: "the `annotations` of the ImageReview are no mapping" };
  }
  return {
    request: {
      uid: "",
      operation: "CREATE",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      namespace,
      userInfo: {},
      object: { metadata: { annotations: annotations ?? {} }, spec: { containers } },
    },
  };
}

/** The answer to a review. What only warns or is only recorded goes to the audit log: an ImageReview has no warnings. */
export function imageAnswer({ allowed, message, warnings, records }: Outcome): object {
  const annotations = { ...records, ...(warnings.length > 0 && { warnings: warnings.join("; ") }) };
  const status = {
    allowed,
    ...(!allowed && { reason: message }),
    ...(Object.keys(annotations).length > 0 && { auditAnnotations: annotations }),
  };
  return { apiVersion, kind: "ImageReview", status };
}

/** A refusal of a review that no policy was asked about. */
export function imageRefusal(reason: string): object {
  return { apiVersion, kind: "ImageReview", status: { allowed: false, reason } };
}
