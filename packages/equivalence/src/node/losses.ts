import {
  allBut,
  and,
  anything,
  choice,
  contains,
  entriesLanguage,
  everything,
  type Language,
  matching,
  not,
  oneOf,
  or,
  policyLanguages,
  rangeOf,
  repeat,
  sequence,
  setOf,
  shortest,
  tagLanguage,
  text,
  withRegistry,
} from "@registry-policy/automata";
import { allowScope, scopeText } from "@registry-policy/compiler";
import { type ImageJudgement, judgeImage, type PatternEntry, type Policy } from "@registry-policy/language";
import { admitsImage, decidingScope } from "./admits-image.js";
import { nodeLanguage } from "./node-language.js";
import type { NodePolicy } from "./node-policy.js";

/** Images about which a node and its policy do not agree, for one cause. */
export interface Loss {
  /** What the node does with them; the policy does the other. */
  readonly direction: "admits" | "refuses";
  /** The shortest of them. */
  readonly image: string;
  /** What the policy says of it. */
  readonly judgement: ImageJudgement;
  /** The item that the images come from, where there is one: of `allow`, or of `deny` where that is why. */
  readonly pattern?: PatternEntry;
  /** Whether the node would agree about the same image with its registry written as it is printed. */
  readonly isSpelling: boolean;
}

export interface Losses {
  /** One for each cause, by direction and then by length. */
  readonly losses: readonly Loss[];
  /** Whether these are all causes. */
  readonly isComplete: boolean;
  /** Whether the node and the policy agree about an image. */
  readonly isLost: (image: string) => boolean;
}

/**
 * The images that a node admits and the policy refuses, and the reverse, exactly.
 *
 * @param limit how many causes are looked for in each direction.
 * @throws TooLarge where there is too much to compare.
 */
export function lossesOf(policy: Policy, node: NodePolicy, limit = 20): Losses {
  const admitted = nodeLanguage(node);
  const { allowed } = policyLanguages(policy);
  const admits = and(admitted, not(allowed));
  const refuses = and(allowed, not(admitted));
  const found = [
    causesIn(admits, limit, (image) => admittedFor(policy, node, image)),
    causesIn(refuses, limit, (image) => refusedFor(policy, node, image)),
  ];
  return {
    losses: found.flatMap(({ losses }) => losses),
    isComplete: found.every(({ isComplete }) => isComplete),
    isLost: (image) => contains(admitsImage(node, image) ? admits : refuses, image),
  };
}

interface Cause {
  readonly loss: Omit<Loss, "image" | "isSpelling">;
  /** The images that are lost for it. */
  readonly images: Language;
}

/** The causes of what is lost, and then one image that is lost for the spelling of its registry alone. */
function causesIn(
  lost: Language,
  limit: number,
  causeOf: (image: string) => Cause,
): { losses: Loss[]; isComplete: boolean } {
  const losses: Loss[] = [];
  let left = lost;
  for (;;) {
    const image = shortest(and(left, not(otherSpelling)));
    if (image === undefined) break;
    if (losses.length >= limit) return { losses, isComplete: false };
    const { loss, images } = causeOf(image);
    losses.push({ ...loss, image, isSpelling: false });
    left = and(left, not(images));
  }
  const image = shortest(left);
  return {
    losses: image === undefined ? losses : [...losses, { ...causeOf(image).loss, image, isSpelling: true }],
    isComplete: true,
  };
}

function admittedFor(policy: Policy, node: NodePolicy, image: string): Cause {
  const judgement = judgeImage(policy, image);
  if (judgement.verdict === "allow" || judgement.reason === "missing" || judgement.reason === "invalid") {
    throw disagreement(image);
  }
  const { images } = policy;
  const { reason, tag, pattern } = judgement;
  const byReason = policyLanguages(policy).violations[reason];
  const scope = decidingScope(node, image);
  const widened = images.allow?.find((entry) => entry.patterns.some((one) => scopeOf(one) === scope));
  const origin = reason === "denied" ? pattern : widened;
  const loss = { direction: "admits" as const, judgement, ...(origin !== undefined && { pattern: origin }) };
  if (reason === "denied" && pattern !== undefined) {
    return { loss, images: and(entriesLanguage([pattern], images.defaultRegistry), byReason) };
  }
  if (reason === "tag-denied" && tag !== undefined) {
    return { loss, images: and(tagLanguage([tag.text]), byReason) };
  }
  if (reason !== "unlisted" || scope === undefined) return { loss, images: byReason };
  const scopes = widened?.patterns.map(scopeOf).filter((one) => one !== undefined) ?? [scope];
  const same = { ...node, acceptsByDefault: false, scopes: new Map(scopes.map((one) => [one, true])), blocked: [] };
  return { loss, images: and(nodeLanguage(same), byReason) };
}

function refusedFor(policy: Policy, node: NodePolicy, image: string): Cause {
  const judgement = judgeImage(policy, image);
  if (judgement.verdict !== "allow" || admitsImage(node, image)) throw disagreement(image);
  const { pattern } = judgement;
  return {
    loss: { direction: "refuses", judgement, ...(pattern !== undefined && { pattern }) },
    images: pattern === undefined ? everything : entriesLanguage([pattern], policy.images.defaultRegistry),
  };
}

function scopeOf(pattern: PatternEntry["patterns"][number]): string | undefined {
  const scope = allowScope(pattern);
  return scope === undefined ? undefined : scopeText(scope);
}

function disagreement(image: string): Error {
  return new Error(`an evaluator does not judge \`${image}\` as its automaton does`);
}

const notSlash = repeat(oneOf(allBut(setOf("/"))), 0);
const zeros = repeat(text("0"), 0);

/** References whose registry is not written as it is printed: upper case, port 443, zeros in front of a port, the index of Docker Hub. */
const otherSpelling: Language = and(
  withRegistry,
  or(
    matching(sequence(notSlash, oneOf(rangeOf("A", "Z")), notSlash, text("/"), anything)),
    matching(
      sequence(
        choice(
          sequence(notSlash, text("."), repeat(oneOf(allBut(setOf("/:"))), 0)),
          sequence(text("["), notSlash, text(":"), notSlash, text("]")),
          text("localhost"),
        ),
        text(":"),
        zeros,
        text("443/"),
        anything,
      ),
    ),
    matching(sequence(notSlash, text(":0"), repeat(oneOf(rangeOf("0", "9")), 1), text("/"), anything)),
    matching(sequence(text("index.docker.io/"), anything)),
  ),
);
