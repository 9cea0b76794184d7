import type { Review, VerdictKind } from "@registry-policy/language";
import type { EngineVerdict, LoadedPolicy, PolicyFile } from "./engine.js";
import type { HostEngineId } from "./engines.js";
import type { HostConnection } from "./host-connection.js";
import { HostError } from "./host-error.js";
import { PolicyRefused } from "./policy-refused.js";
import { type Batch, reviewBatches } from "./review-batches.js";
import type { HostVerdict } from "./stdio-protocol.js";

/** The batches that are under way at one time: enough that the host has some left while this process is busy itself. */
const batchesAtOnce = 4;

const kinds: ReadonlySet<string> = new Set<VerdictKind>(["allow", "deny", "warn", "audit", "out-of-scope", "error"]);

/**
 * Loads a policy into one of the host's engines.
 *
 * @throws PolicyRefused if the engine refuses it
 * @throws HostError if the host fails
 */
export async function loadInHost(
  engine: HostEngineId,
  engineVersion: string,
  connection: HostConnection,
  files: readonly PolicyFile[],
): Promise<LoadedPolicy> {
  const sent = files.map(({ name, content }) => ({ name, text: textOf(engine, name, content) }));
  const loaded = await connection.call("load", { engine, files: sent }, () => `loading a policy into \`${engine}\``);
  if ("refused" in loaded) {
    if (loaded.refused.code === "refused") throw new PolicyRefused(engine, loaded.refused.message);
    throw failed(`loading a policy into \`${engine}\``, loaded.refused.message);
  }
  const { handle, warnings } = loaded.result;

  const judgeBatch = async (batch: Batch, total: number): Promise<EngineVerdict[]> => {
    const doing = (): string => judging(engine, batch, total);
    const answer = await connection.call("judge", { handle, reviews: batch.texts }, doing);
    if ("refused" in answer) throw failed(doing(), answer.refused.message);
    const { verdicts } = answer.result;
    if (!Array.isArray(verdicts) || verdicts.length !== batch.texts.length || !verdicts.every(isVerdict)) {
      const error = new HostError(
        "host-garbage",
        `the engine host answered with something else than verdicts while ${doing()}`,
        "check that it is a registry-policy-host, and of this version",
      );
      connection.fail(error);
      throw error;
    }
    return verdicts.map((verdict) => ({ engine, engineVersion, ...verdict }) as EngineVerdict);
  };

  return {
    engine,
    warnings,
    async judge(reviews: readonly Review[]) {
      const batches = reviewBatches(reviews)[Symbol.iterator]();
      const verdicts: EngineVerdict[] = new Array(reviews.length);
      const work = async (): Promise<void> => {
        for (let next = batches.next(); !next.done; next = batches.next()) {
          const batch = next.value;
          const judged =
            "error" in batch
              ? [
                  {
                    engine,
                    engineVersion,
                    verdict: "error",
                    images: [],
                    messages: [],
                    error: batch.error,
                    durationNs: 0,
                  } as const,
                ]
              : await judgeBatch(batch, reviews.length);
          for (const [i, verdict] of judged.entries()) verdicts[batch.first + i] = verdict;
        }
      };
      await Promise.all(Array.from({ length: batchesAtOnce }, work));
      return verdicts;
    },
    async unload() {
      const answer = await connection.call("unload", { handle }, () => `unloading a policy from \`${engine}\``);
      if ("refused" in answer) throw failed(`unloading a policy from \`${engine}\``, answer.refused.message);
    },
  };
}

function textOf(engine: HostEngineId, name: string, content: string | Uint8Array): string {
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw new PolicyRefused(engine, `${name}: not a text in UTF-8`);
  }
}

function judging(engine: HostEngineId, batch: Batch, total: number): string {
  const last = batch.first + batch.texts.length;
  const which =
    batch.texts.length === 1 ? `request ${last} of ${total}` : `requests ${batch.first + 1} to ${last} of ${total}`;
  return `judging ${which} with \`${engine}\` (the first: ${batch.description})`;
}

function failed(doing: string, message: string): HostError {
  return new HostError(
    "host-failed",
    `${doing} failed: ${message}`,
    "this is a bug in registry-policy: please report it with the policy and the request",
  );
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
