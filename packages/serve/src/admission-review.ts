import { type AdmissionRequest, isObject, ownProperty, valueAt } from "@registry-policy/language";
import type { Judgement } from "./judgement.js";
import type { Outcome } from "./verdict-texts.js";

/** Why a body is no review that can be judged. */
export interface UnreadableReview {
  /** A sentence. */
  readonly problem: string;
  /** Where it is a review of the right version, and so can be answered as one. */
  readonly uid?: string;
}

const operations: readonly unknown[] = ["CREATE", "UPDATE", "DELETE", "CONNECT"];

/**
 * Reads an `admission.k8s.io/v1` AdmissionReview as the API server sends it. Whatever the decision can depend on has to
 * be there and of its type.
 *
 * @param value any JSON value.
 * @returns the request, or why there is none; nothing is thrown.
 */
export function readAdmissionReview(value: unknown): { readonly request: AdmissionRequest } | UnreadableReview {
  const version = ownProperty(value, "apiVersion");
  const type = ownProperty(value, "kind");
  if (type !== "AdmissionReview") return { problem: "the body is no AdmissionReview" };
  if (version !== "admission.k8s.io/v1") {
    return {
      problem: `the AdmissionReview is of version ${shown(version)}, and only \`admission.k8s.io/v1\` is served`,
    };
  }
  const request = ownProperty(value, "request");
  const uid = ownProperty(request, "uid");
  if (!isObject(request) || typeof uid !== "string" || uid === "" || uid.length > 128) {
    return { problem: "the AdmissionReview has no `request` with a `uid`" };
  }
  const problem = problemOf(request);
  if (problem !== undefined) return { uid, problem };

  const { operation, kind, resource, subResource, name, namespace, userInfo, object } = request as unknown as {
    -readonly [Key in keyof AdmissionRequest]: AdmissionRequest[Key] | undefined;
  };
  return {
    request: {
      uid,
      operation: operation as string,
      kind: kind as AdmissionRequest["kind"],
      resource: resource as AdmissionRequest["resource"],
      ...(subResource !== undefined && { subResource }),
      ...(name !== undefined && { name }),
      namespace: namespace ?? "",
      userInfo: userInfo ?? {},
      ...(object !== undefined && { object }),
    },
  };
}

function problemOf(request: Readonly<Record<string, unknown>>): string | undefined {
  if (!operations.includes(request.operation)) return "its `operation` is not CREATE, UPDATE, DELETE or CONNECT";
  if (!isTexts(request.kind, ["group", "version", "kind"])) {
    return "its `kind` is no mapping with the texts `group`, `version` and `kind`";
  }
  for (const field of ["subResource", "name", "namespace"] as const) {
    const value = request[field];
    if (value !== undefined && typeof value !== "string") return `its \`${field}\` is no text`;
  }
  const { userInfo } = request;
  if (userInfo === undefined) return undefined;
  const username = ownProperty(userInfo, "username");
  const groups = ownProperty(userInfo, "groups");
  const isGroups =
    groups === undefined || (Array.isArray(groups) && groups.every((group) => typeof group === "string"));
  if (!isObject(userInfo) || (username !== undefined && typeof username !== "string") || !isGroups) {
    return "its `userInfo` is no mapping with the text `username` and the texts `groups`";
  }
  return undefined;
}

/** The answer to a review. `code` is what a client of the API server gets as the status of its own request. */
export function admissionAnswer(uid: string, outcome: Outcome, judgements: readonly Judgement[]): object {
  const { allowed, message, warnings, records, hasFailed } = outcome;
  const response = {
    uid,
    allowed,
    ...(!allowed && {
      status: {
        code: hasFailed ? 500 : 403,
        reason: hasFailed ? "InternalError" : "Forbidden",
        message,
        details: { causes: causes(judgements) },
      },
    }),
    ...(warnings.length > 0 && { warnings }),
    ...(Object.keys(records).length > 0 && { auditAnnotations: records }),
  };
  return { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response };
}

/** A refusal of a request that no policy was asked about. */
export function admissionRefusal(uid: string, code: number, message: string): object {
  const reason = code === 400 ? "BadRequest" : "InternalError";
  const response = { uid, allowed: false, status: { code, reason, message } };
  return { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response };
}

const shownCauses = 100;

/** The violations of the policies that refuse, for programs: `StatusCause` of k8s.io/apimachinery. */
function causes(judgements: readonly Judgement[]): object[] {
  return judgements
    .filter(({ verdict }) => verdict === "deny")
    .flatMap(({ violations }) => violations)
    .slice(0, shownCauses)
    .map(({ reason, msg, field }) => ({ reason, message: msg, field }));
}

function isTexts(value: unknown, keys: readonly string[]): boolean {
  return keys.every((key) => typeof valueAt(value, [key]) === "string");
}

function shown(value: unknown): string {
  return typeof value === "string" ? `\`${value.slice(0, 80)}\`` : "that is no text";
}
