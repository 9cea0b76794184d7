import {
  boundaryTexts,
  endingsOf,
  policyLanguages,
  TooLarge,
  tellingSuite,
  wordMachine,
} from "@registry-policy/automata";
import { judgeImage, type Policy } from "@registry-policy/language";
import type { Extent } from "./extent.js";
import { malformedImages } from "./malformed-images.js";
import { type PolicyWords, patternWords } from "./pattern-words.js";

/** Images that probe what a policy says of images. */
export interface ProbedImages {
  readonly images: readonly string[];
  /** Why there are none that are made of the policy's patterns. */
  readonly problem?: string;
  /** What there would have been, but for the extent. */
  readonly leftOut: { readonly patterns: number; readonly images: number };
  /** The plainest image that the policy allows, and one that it refuses, as far as there are such. */
  readonly allowed?: string;
  readonly refused?: string;
}

/**
 * The images that tell a policy from every other that is as simple in the words of its patterns, those on both sides
 * of each pattern's boundary, and those on both sides of what a reference is. Where there are more than the extent has
 * room for, every so many-th is kept: of the patterns, of the images on boundaries, which get three quarters of the room
 * if they need it, and of the others; an image of each reason is always kept.
 */
export function probedImages(policy: Policy, extent: Extent): ProbedImages {
  const { allow = [], deny, denyTags } = policy.images;
  const written = [...allow, ...deny].flatMap(({ patterns }) => patterns);
  const patterns = evenly(written, extent.patterns);
  const tags = evenly(denyTags, extent.patterns).map(({ text }) => text);
  const telling = tellingImages(policy, patternWords(policy, patterns, tags), extent);

  const all = [...telling.boundary, ...telling.suite];
  const first = new Map<string, string>();
  for (const image of all) {
    const reason = reasonOf(policy, image);
    if (!first.has(reason)) first.set(reason, image);
  }
  const allowed = first.get(noReason);
  const [name = ordinaryName] = (allowed ?? "").split(/@|:(?!\d+\/)/).filter((part) => part !== "");
  const malformed = malformedImages(name, (allowed ?? "").slice(name.length));
  const room = extent.images - malformed.length;
  const boundary = evenly(telling.boundary, Math.max(room - telling.suite.length, Math.floor((room * 3) / 4)));
  const suite = evenly(telling.suite, room - boundary.length);
  const images = [...new Set([...malformed, ...boundary, ...suite, ...first.values()])];
  const refused = images.find((image) => reasonOf(policy, image) !== noReason);
  return {
    images,
    leftOut: {
      patterns: written.length + denyTags.length - patterns.length - tags.length,
      images: new Set([...malformed, ...all]).size - images.length,
    },
    ...(allowed !== undefined && { allowed }),
    ...(refused !== undefined && { refused }),
    ...(telling.problem !== undefined && { problem: telling.problem }),
  };
}

const noReason = "allowed";

/** Why an image is refused. */
export function reasonOf(policy: Policy, image: unknown): string {
  const judgement = judgeImage(policy, image);
  return judgement.verdict === "allow" ? noReason : judgement.reason;
}

const ordinaryName = "evil.example/app";

function tellingImages(
  policy: Policy,
  words: PolicyWords,
  { extraStates }: Extent,
): { readonly boundary: readonly string[]; readonly suite: readonly string[]; readonly problem?: string } {
  try {
    const machine = wordMachine(policyLanguages(policy).allowed, words);
    const endings = endingsOf(machine);
    const boundary = boundaryTexts(machine, endings, words.marked);
    const known = new Set(boundary);
    return { boundary, suite: tellingSuite(machine, endings, extraStates).filter((text) => !known.has(text)) };
  } catch (error) {
    if (error instanceof TooLarge) return { boundary: [], suite: [], problem: error.message };
    throw error;
  }
}

/** So many items of a list, as far apart as they can be. */
function evenly<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)] as T);
}
