/** What a request gets. `error`: an engine could not decide; never an allow. */
export type VerdictKind = "allow" | "deny" | "warn" | "audit" | "out-of-scope" | "error";

/** Why one image violates a policy, in the order in which the reasons are tried. */
export type Reason =
  | "missing"
  | "invalid"
  | "denied"
  | "unlisted"
  | "registry-implicit"
  | "tag-missing"
  | "tag-denied"
  | "digest-missing";

/** One image, or one place where an image should have been, that violates a policy. */
export interface ImageViolation {
  /** As it stands in the object when it is a string, else the empty string. */
  readonly image: string;
  /** Where: `spec.template.spec.initContainers[0].image`. */
  readonly field: string;
  readonly reason: Reason;
}
