import { TooLarge } from "@registry-policy/automata";
import { evaluate, type Policy, type Review } from "@registry-policy/language";
import type { FixtureCase } from "../fixtures/fixture.js";
import type { ProvableFile } from "../proof/proof.js";
import { admitsImage } from "./admits-image.js";
import { readNode } from "./loss-diagnostics.js";
import { lossesOf } from "./losses.js";
import type { NodePolicy } from "./node-policy.js";

/** What the reference evaluator of a node's files says of the fixtures of one policy. */
export interface NodeCheck {
  readonly policy: string;
  /** The id of a target for nodes. */
  readonly target: string;
  /** How many fixtures it agrees about. */
  readonly agreed: number;
  /** How many it was not compared about, as the report of what is lost has their image. */
  readonly lost: number;
  /** How many are more than an image, which is all that a node sees, or are not judged by the policy at all. */
  readonly unasked: number;
  readonly disagreements: readonly NodeDisagreement[];
}

export interface NodeDisagreement {
  /** The name of the fixture. */
  readonly name: string;
  readonly image: string;
  /** Who admits it; the other refuses it. */
  readonly admittedBy: "node" | "policy";
}

/**
 * Judges the fixtures that are an image alone by a node's files, read back, and compares the verdicts with the policy's
 * where nothing is lost. Of a policy of which the target can say nothing, everything is lost.
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
  // Worked out for the first image that is asked about: most fixtures are more than an image.
  let known: ((image: string) => boolean) | undefined;
  const isLost = (image: string, from: NodePolicy) => {
    known ??= lostImages(() => lossesOf(policy, from, 0).isLost);
    return known(image);
  };
  const disagreements: NodeDisagreement[] = [];
  let agreed = 0;
  let lost = 0;
  let unasked = 0;
  for (const { name, review } of cases) {
    const image = imageAlone(review);
    const { verdict } = evaluate(policy, review);
    if (image === undefined || verdict === "out-of-scope") unasked += 1;
    else if (node === undefined || isLost(image, node)) lost += 1;
    else if (admitsImage(node, image) === (verdict === "allow")) agreed += 1;
    else disagreements.push({ name, image, admittedBy: verdict === "allow" ? "policy" : "node" });
  }
  return { policy: policy.name, target, agreed, lost, unasked, disagreements };
}

/** Where there is too much to work out what is lost, everything may be. */
function lostImages(find: () => (image: string) => boolean): (image: string) => boolean {
  try {
    return find();
  } catch (error) {
    if (error instanceof TooLarge) return () => true;
    throw error;
  }
}

/** The image of a new Pod with one container and no other image; `undefined` for anything else. */
function imageAlone({ request }: Review): string | undefined {
  if (request.operation !== "CREATE" || request.kind.kind !== "Pod" || (request.subResource ?? "") !== "")
    return undefined;
  const { spec } = request.object as { spec?: Record<string, unknown> };
  if (typeof spec !== "object" || spec === null) return undefined;
  const { containers, initContainers, ephemeralContainers, volumes } = spec;
  const isMore = [initContainers, ephemeralContainers, volumes].some((list) => list !== undefined && list !== null);
  if (isMore || !Array.isArray(containers) || containers.length !== 1) return undefined;
  const image: unknown = containers[0]?.image;
  return typeof image === "string" && image !== "" ? image : undefined;
}
