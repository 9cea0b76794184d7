import type { VerdictKind } from "@registry-policy/language";

/** What one judge says of one request. */
export interface PanelVerdict {
  readonly verdict: VerdictKind;
  /** The violating images that it names, once each; never the empty string. */
  readonly images: readonly string[];
  readonly messages: readonly string[];
  /** Why it could not decide; only with the verdict `error`. */
  readonly error?: string;
  /** The time that it took, in nanoseconds; not of the reference evaluator. */
  readonly durationNs?: number;
}

/** One way in which an engine must agree with the reference evaluator. */
export interface AgreementRule {
  readonly id: "decides" | "same-verdict" | "names-an-image" | "names-no-other";
  /** What is wrong where the rule does not hold. */
  readonly broken: (reference: PanelVerdict, engine: PanelVerdict) => string | undefined;
}

/**
 * How strictly an engine must agree. The verdicts are compared as the policy's enforcement makes them: where the
 * reference evaluator says `warn`, an engine that denies is wrong.
 */
export const agreementRules: readonly AgreementRule[] = [
  {
    // An engine that could not decide has not agreed, whatever its error makes of the request.
    id: "decides",
    broken: (_, engine) =>
      engine.verdict === "error" ? `could not decide: ${engine.error ?? "no reason was given"}` : undefined,
  },
  {
    // An engine that cannot tell a request that it judged from one that it did not says `allow` of both. The reverse is
    // wrong: it did not look where it should have.
    id: "same-verdict",
    broken: (reference, engine) => {
      if (engine.verdict === "error" || engine.verdict === reference.verdict) return undefined;
      if (reference.verdict === "out-of-scope" && engine.verdict === "allow") return undefined;
      return `says \`${engine.verdict}\` where the reference evaluator says \`${reference.verdict}\``;
    },
  },
  {
    // An engine may stop at the first image, but it names one. An image that is missing has no name.
    id: "names-an-image",
    broken: (reference, engine) =>
      isViolation(engine.verdict) &&
      reference.images.length > 0 &&
      !engine.images.some((image) => isAmong(image, reference.images))
        ? `names none of the violating images: ${list(reference.images)}`
        : undefined,
  },
  {
    id: "names-no-other",
    broken: (reference, engine) => {
      const others = engine.images.filter((image) => !isAmong(image, reference.images));
      return others.length > 0 && engine.verdict !== "error"
        ? `names images that do not violate the policy: ${list(others)}`
        : undefined;
    },
  },
];

/**
 * Everything about which an engine does not agree with the reference evaluator, one sentence each; empty if it agrees.
 *
 * @param namesImages whether the engine can name images; of one that speaks in sentences alone, what looks like
 *   images in them is not compared.
 */
export function disagreements(reference: PanelVerdict, engine: PanelVerdict, namesImages = true): string[] {
  const rules = agreementRules.filter(({ id }) => namesImages || !id.startsWith("names-"));
  return rules.map((rule) => rule.broken(reference, engine)).filter((broken) => broken !== undefined);
}

function isViolation(verdict: VerdictKind): boolean {
  return verdict === "deny" || verdict === "warn" || verdict === "audit";
}

/** Whether an image is one of several; a long one may be cut short, with three dots at its end. */
function isAmong(image: string, images: readonly string[]): boolean {
  const cut = image.endsWith("...") ? image.slice(0, -3) : "";
  return images.some((one) => one === image || (cut.length >= shortestCut && one.startsWith(cut)));
}

const shortestCut = 500;

function list(images: readonly string[]): string {
  const shown = images.slice(0, 3).map((image) => `\`${image.length > 80 ? `${image.slice(0, 80)}…` : image}\``);
  return images.length > 3 ? `${shown.join(", ")} and ${images.length - 3} more` : shown.join(", ");
}
