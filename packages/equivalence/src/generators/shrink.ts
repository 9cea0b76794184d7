import type { Engine } from "@registry-policy/engines";
import { valueAt } from "@registry-policy/language";
import { admissionReview, type RequestParts, uidOf } from "../fixtures/admission-review.js";
import type { Panel } from "../matrix/panel.js";
import { broken, type FuzzDisagreement, openCompiled } from "./fuzz.js";
import { readRaw } from "./policy-arbitrary.js";
import { smallerValues } from "./smaller-values.js";

/** Loading a policy takes an engine some milliseconds, so there is an end to it. */
const maximumPolicies = 600;

/**
 * Makes the policy and the request of a disagreement small, as long as the same engine does not agree in the same way.
 *
 * @param engines among which the one that does not agree is.
 * @throws HostError if the engine host fails.
 */
export async function shrink(found: FuzzDisagreement, engines: readonly Engine[]): Promise<FuzzDisagreement> {
  const only = engines.filter(({ id }) => id === found.engine);
  let smallest = await shrinkRequest(found, only);
  let tried = 0;
  for (let improved = true; improved; ) {
    improved = false;
    for (const raw of smallerValues(smallest.raw)) {
      if (tried >= maximumPolicies) return smallest;
      const read = readRaw(raw);
      if (read === undefined || JSON.stringify(read.raw).length >= JSON.stringify(smallest.raw).length) continue;
      tried += 1;
      const { panel } = await openCompiled(read.policy, only);
      try {
        const [next] = await stillBroken(panel, { ...smallest, raw: read.raw }, [smallest.parts]);
        if (next === undefined) continue;
        smallest = await shrinkParts(panel, next);
        improved = true;
        break;
      } finally {
        await panel.close();
      }
    }
  }
  return smallest;
}

async function shrinkRequest(found: FuzzDisagreement, engines: readonly Engine[]): Promise<FuzzDisagreement> {
  const read = readRaw(found.raw);
  if (read === undefined) return found;
  const { panel } = await openCompiled(read.policy, engines);
  try {
    return await shrinkParts(panel, found);
  } finally {
    await panel.close();
  }
}

async function shrinkParts(panel: Panel, found: FuzzDisagreement): Promise<FuzzDisagreement> {
  for (let smallest = found; ; ) {
    const [next] = await stillBroken(panel, smallest, smallerValues(smallest.parts) as RequestParts[]);
    if (next === undefined) return smallest;
    smallest = next;
  }
}

/** Those of some requests about which the engine still does not agree, all judged in one batch. */
async function stillBroken(
  panel: Panel,
  found: FuzzDisagreement,
  candidates: readonly RequestParts[],
): Promise<FuzzDisagreement[]> {
  const possible = candidates.flatMap((parts) => {
    const reviewed = admissionReview(parts, uidOf(0));
    return "review" in reviewed && isPlausible(parts) ? [{ parts, review: reviewed.review }] : [];
  });
  const judged = await panel.judge(possible.map(({ review }) => review));
  return possible.flatMap(({ parts }, index) => {
    const judgement = judged[index];
    const again = judgement && broken(judgement).find(([engine]) => engine === found.engine);
    return again !== undefined && wayOf(again[1]) === wayOf(found.sentences)
      ? [{ ...found, parts, sentences: again[1] }]
      : [];
  });
}

/** A smaller operation is none; the API server gives every object a name, and engines count on it. */
function isPlausible({ operation = "CREATE", object, oldObject }: RequestParts): boolean {
  const isNamed = [object, oldObject].every((part) => {
    const name = valueAt(part, ["metadata", "name"]);
    return part === undefined || (typeof name === "string" && name !== "");
  });
  const hasObject = operation === "DELETE" ? oldObject !== undefined : object !== undefined;
  return ["CREATE", "UPDATE", "DELETE", "CONNECT"].includes(operation) && isNamed && hasObject;
}

/** The words with which a disagreement begins: whether it could not decide, said something else, or named another image. */
function wayOf([sentence = ""]: readonly string[]): string {
  return sentence.split(" ").slice(0, 2).join(" ");
}
