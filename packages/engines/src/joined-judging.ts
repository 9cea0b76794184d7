import type { Review } from "@registry-policy/language";
import type { HostEngineId } from "./engines.js";
import type { HostConnection } from "./host-connection.js";
import { judgeBatch } from "./judge-batch.js";
import { reviewBatches } from "./review-batches.js";
import type { HostVerdict } from "./stdio-protocol.js";

/**
 * Asks a policy of the host about reviews. The same object twice is judged once.
 *
 * @returns one verdict for each review, in their order
 * @throws HostError if the host fails
 */
export type Judge = (engine: HostEngineId, handle: number, reviews: readonly Review[]) => Promise<HostVerdict[]>;

/** The batches that are under way at one time: enough that the host has some left while this process is busy itself. */
const batchesAtOnce = 4;

/** The host takes 64. */
const policiesInOneRequest = 32;

/** What one policy is asked, and what it has said. */
interface Asked {
  readonly engine: HostEngineId;
  readonly handle: number;
  readonly reviews: ReadonlySet<Review>;
  readonly verdicts: Map<Review, HostVerdict>;
}

/**
 * Joins what the policies of one host are asked in the same turn, before the microtasks of that turn: they are mostly
 * asked about the same reviews, each of which goes to the host once. Where the host fails, all fail that were joined.
 */
export function joinedJudging(connection: HostConnection): Judge {
  let joined: { readonly asked: Asked[]; readonly judged: Promise<void> } | undefined;
  const join = () => {
    const asked: Asked[] = [];
    const judged = Promise.resolve().then(() => {
      joined = undefined;
      return judgeTogether(connection, asked);
    });
    return { asked, judged };
  };
  return async (engine, handle, reviews) => {
    if (reviews.length === 0) return [];
    const own: Asked = { engine, handle, reviews: new Set(reviews), verdicts: new Map() };
    if (joined === undefined || joined.asked.length === policiesInOneRequest) joined = join();
    joined.asked.push(own);
    await joined.judged;
    return reviews.map((review) => own.verdicts.get(review) as HostVerdict);
  };
}

/** Sends all of the reviews in batches, each to the policies that are asked about some of it. */
async function judgeTogether(connection: HostConnection, asked: readonly Asked[]): Promise<void> {
  const all = [...new Set(asked.flatMap(({ reviews }) => [...reviews]))];
  const batches = reviewBatches(all)[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = batches.next(); !next.done; next = batches.next()) {
      const batch = next.value;
      const policies = asked.flatMap((own) => {
        const indices = [...batch.reviews.keys()].filter((index) => own.reviews.has(batch.reviews[index] as Review));
        return indices.length === 0 ? [] : [{ own, engine: own.engine, handle: own.handle, reviews: indices }];
      });
      const judged =
        "error" in batch
          ? policies.map(({ reviews }) => reviews.map(() => notSent(batch.error)))
          : await judgeBatch(connection, batch, all.length, policies);
      for (const [policy, { own, reviews }] of policies.entries()) {
        for (const [i, index] of reviews.entries()) {
          own.verdicts.set(batch.reviews[index] as Review, judged[policy]?.[i] as HostVerdict);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: batchesAtOnce }, work));
}

function notSent(error: string): HostVerdict {
  return { verdict: "error", images: [], messages: [], error, durationNs: 0 };
}
