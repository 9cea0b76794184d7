import type { AdmissionRequest } from "@registry-policy/language";
import { admissionAnswer, admissionRefusal, readAdmissionReview, type UnreadableReview } from "./admission-review.js";
import { imageAnswer, imageRefusal, readImageReview } from "./image-review.js";
import { TooManyImages } from "./judged-part.js";
import type { Judgement } from "./judgement.js";
import { shortened } from "./log.js";
import type { Endpoint } from "./metrics.js";
import type { ServerParts } from "./server-parts.js";
import { type Outcome, outcomeOf } from "./verdict-texts.js";

/** A body that was read, and how it is to be judged. */
export interface AskedReview {
  /** Any JSON value. */
  readonly body: unknown;
  /** The one policy that is asked; absent: all. */
  readonly policy: string | undefined;
  readonly isLate: () => boolean;
  readonly parts: ServerParts;
}

/** A review, or why the body is none that can be answered as one. */
export type Answer = { readonly review: object } | UnreadableReview;

/** Answers an AdmissionReview: what cannot be judged is refused. */
export function answerAdmission(asked: AskedReview): Answer {
  const { parts } = asked;
  const read = readAdmissionReview(asked.body);
  if ("problem" in read) {
    const { uid, problem } = read;
    if (uid === undefined) return read;
    parts.metrics.failed("review");
    parts.log.warn({ uid, why: problem }, "a request was refused unjudged");
    return { review: admissionRefusal(uid, 400, `the AdmissionReview cannot be judged: ${problem}`) };
  }
  const { uid } = read.request;
  const judged = judge("validate", read.request, asked);
  if ("refusal" in judged) return { review: admissionRefusal(uid, 500, judged.refusal) };
  return { review: admissionAnswer(uid, judged.outcome, judged.judgements) };
}

/** Answers an ImageReview: what cannot be judged is refused. */
export function answerImages(asked: AskedReview): Answer {
  const read = readImageReview(asked.body);
  if ("problem" in read) return read;
  const judged = judge("image-review", read.request, asked);
  if ("refusal" in judged) return { review: imageRefusal(judged.refusal) };
  return { review: imageAnswer(judged.outcome) };
}

type Judged = { readonly outcome: Outcome; readonly judgements: readonly Judgement[] } | { readonly refusal: string };

function judge(endpoint: Endpoint, request: AdmissionRequest, { policy, isLate, parts }: AskedReview): Judged {
  const { metrics, log } = parts;
  const policies = parts.policies();
  const refuse = (kind: "review" | "policy", refusal: string): Judged => {
    metrics.failed(kind);
    log.warn({ endpoint, ...about(request), why: refusal }, "a request was refused unjudged");
    return { refusal };
  };
  if (policy !== undefined && !policies.names.includes(policy)) {
    return refuse("policy", `the webhook serves no policy ${shortened(policy)}: its configuration is of another one`);
  }
  let judgements: readonly Judgement[];
  try {
    judgements = policies.judge(request, policy, isLate);
  } catch (error) {
    if (!(error instanceof TooManyImages)) throw error;
    return refuse("review", `the request cannot be judged in time: ${error.message}`);
  }
  const outcome = outcomeOf(judgements);
  for (const judgement of judgements) {
    metrics.decided(endpoint, judgement.policy, judgement.verdict);
    if (judgement.verdict === "error") metrics.failed(isLate() ? "deadline" : "policy");
    if (isToldOf(judgement)) {
      const [level, sentence] = sentences[judgement.verdict];
      log[level]({ ...about(request), ...line(judgement, endpoint) }, sentence);
    }
  }
  return { outcome, judgements };
}

/** A policy's own part: another one may refuse what this one warns of. */
const sentences = {
  deny: ["info", "refused"],
  error: ["error", "refused: the policy could not decide"],
  warn: ["info", "warned about"],
  audit: ["info", "recorded"],
} as const;

function isToldOf(judgement: Judgement): judgement is Judgement & { verdict: keyof typeof sentences } {
  return Object.hasOwn(sentences, judgement.verdict);
}

/** How many violations a line of the log spells out. */
const loggedViolations = 5;

function line({ policy, verdict, violations, error }: Judgement, endpoint: Endpoint): object {
  const why = violations
    .slice(0, loggedViolations)
    .map(({ image, field, reason }) => ({ image: shortened(image, 256), field, reason }));
  return {
    endpoint,
    policy,
    verdict,
    violations: violations.length,
    why: error === undefined ? why : shortened(error),
  };
}

function about({ uid, operation, kind, namespace, name, subResource, userInfo }: AdmissionRequest): object {
  return {
    ...(uid !== "" && { uid }),
    operation,
    kind: shortened(kind.kind, 64),
    ...(subResource !== undefined && { subResource: shortened(subResource, 64) }),
    namespace: shortened(namespace, 64),
    ...(name !== undefined && { name: shortened(name, 256) }),
    ...(userInfo.username !== undefined && { user: shortened(userInfo.username, 256) }),
  };
}
