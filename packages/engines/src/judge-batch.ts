import type { VerdictKind } from "@registry-policy/language";
import { notCarriedOut } from "./connection-errors.js";
import type { HostEngineId } from "./engines.js";
import type { HostConnection } from "./host-connection.js";
import { HostError } from "./host-error.js";
import type { Batch } from "./review-batches.js";
import type { HostVerdict } from "./stdio-protocol.js";

/** A policy of the host that judges some reviews of a batch. */
export interface JudgingPolicy {
  readonly engine: HostEngineId;
  readonly handle: number;
  /** As indices into the batch. */
  readonly reviews: readonly number[];
}

const kinds: ReadonlySet<string> = new Set<VerdictKind>(["allow", "deny", "warn", "audit", "out-of-scope", "error"]);

/**
 * Has the host judge one batch.
 *
 * @param total how many reviews there are in all batches, for an error message
 * @returns a list for each policy, with a verdict for each of its reviews
 * @throws HostError if the host fails or answers with something else, which ends it
 */
export async function judgeBatch(
  connection: HostConnection,
  batch: Batch,
  total: number,
  policies: readonly JudgingPolicy[],
): Promise<readonly (readonly HostVerdict[])[]> {
  const doing = (): string => judging(batch, total, policies);
  const params = { reviews: batch.texts, policies: policies.map(({ handle, reviews }) => ({ handle, reviews })) };
  const answer = await connection.call("judge", params, doing);
  if ("refused" in answer) throw notCarriedOut(doing(), answer.refused.message);
  const { verdicts } = answer.result;
  if (isListOf(verdicts, policies.length, (list, i) => isListOf(list, policies[i]?.reviews.length, isVerdict))) {
    return verdicts;
  }
  const error = new HostError(
    "host-garbage",
    `the engine host answered with something else than verdicts while ${doing()}`,
    "check that it is a registry-policy-host, and of this version",
  );
  connection.fail(error);
  throw error;
}

function judging({ first, texts, description }: Batch, total: number, policies: readonly JudgingPolicy[]): string {
  const last = first + texts.length;
  const which = texts.length === 1 ? `request ${last} of ${total}` : `requests ${first + 1} to ${last} of ${total}`;
  const engines = [...new Set(policies.map(({ engine }) => `\`${engine}\``))].join(", ");
  return `judging ${which} with ${engines} (the first: ${description})`;
}

function isListOf(
  value: unknown,
  length: number | undefined,
  isOne: (element: unknown, index: number) => boolean,
): boolean {
  return Array.isArray(value) && value.length === length && value.every(isOne);
}

function isVerdict(value: unknown): value is HostVerdict {
  const verdict = value as Partial<HostVerdict> | null;
  return (
    typeof verdict === "object" &&
    verdict !== null &&
    kinds.has(verdict.verdict as string) &&
    Array.isArray(verdict.images) &&
    Array.isArray(verdict.messages) &&
    typeof verdict.durationNs === "number" &&
    (verdict.verdict === "error") === (typeof verdict.error === "string")
  );
}
