import { TooLarge } from "@registry-policy/automata";
import { imageFields, judgeImage, type Policy, scopeOf } from "@registry-policy/language";
import type { FixtureCase } from "../fixtures/fixture.js";
import type { ProvableFile } from "../proof/proof.js";
import { admitsImage } from "./admits-image.js";
import { readNode } from "./loss-diagnostics.js";
import { lossesOf } from "./losses.js";
import type { NodePolicy } from "./node-policy.js";

/** What the reference evaluator of a node's files says of the images in the requests that one policy judges. */
export interface NodeCheck {
  readonly policy: string;
  /** The id of a target for nodes. */
  readonly target: string;
  /** On how many images it agrees with the policy. */
  readonly agreed: number;
  /** On how many it does not, as the report of what is lost has them. */
  readonly lost: number;
  readonly disagreements: readonly NodeDisagreement[];
}

export interface NodeDisagreement {
  /** The name of the first request that has the image. */
  readonly name: string;
  readonly image: string;
  /** Who admits it; the other refuses it. */
  readonly admittedBy: "node" | "policy";
}

/**
 * Judges every image of the requests that a policy judges by a node's files, read back. A node sees images alone, so each
 * counts once. What the two do not agree on has to be among what is lost; of a policy of which the target can say nothing,
 * everything is.
 *
 * @param target the id of a target for nodes.
 * @param emitted what the target made of the policy, by paths that begin with the target's folder.
 * @throws Unreadable for files that cannot be read back.
 */
export function checkNode(
  policy: Policy,
  cases: readonly FixtureCase[],
  target: string,
  emitted: readonly ProvableFile[],
): NodeCheck {
  const node = readNode(policy, target, emitted);
  const isLost = lostImages(policy, node);
  const disagreements: NodeDisagreement[] = [];
  let agreed = 0;
  let lost = 0;
  for (const [image, name] of imagesIn(policy, cases)) {
    const isAllowed = judgeImage(policy, image).verdict === "allow";
    if (node !== undefined && admitsImage(node, image) === isAllowed) agreed += 1;
    else if (isLost(image)) lost += 1;
    else disagreements.push({ name, image, admittedBy: isAllowed ? "policy" : "node" });
  }
  return { policy: policy.name, target, agreed, lost, disagreements };
}

/** Each image, with the name of the first request that has it. */
function imagesIn(policy: Policy, cases: readonly FixtureCase[]): Map<string, string> {
  const images = new Map<string, string>();
  for (const { name, review } of cases) {
    const scope = scopeOf(policy, review);
    if ("outOfScope" in scope) continue;
    for (const { image } of imageFields(scope.kind, review.request.object)) {
      if (typeof image === "string" && image !== "" && !images.has(image)) images.set(image, name);
    }
  }
  return images;
}

/** Worked out for the first image that is asked about. Where there is too much to work out, everything may be lost. */
function lostImages(policy: Policy, node: NodePolicy | undefined): (image: string) => boolean {
  let known: ((image: string) => boolean) | undefined;
  const find = () => {
    if (node === undefined) return () => true;
    try {
      return lossesOf(policy, node, 0).isLost;
    } catch (error) {
      if (error instanceof TooLarge) return () => true;
      throw error;
    }
  };
  return (image) => {
    known ??= find();
    return known(image);
  };
}
