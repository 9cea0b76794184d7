import { notCarriedOut } from "./connection-errors.js";
import type { EngineVerdict, LoadedPolicy, PolicyFile } from "./engine.js";
import type { HostEngineId } from "./engines.js";
import type { HostConnection } from "./host-connection.js";
import type { Judge } from "./joined-judging.js";
import { PolicyRefused } from "./policy-refused.js";

/**
 * Loads a policy into one of the host's engines.
 *
 * @param judge asks policies of the host at this connection
 * @throws PolicyRefused if the engine refuses it
 * @throws HostError if the host fails
 */
export async function loadInHost(
  engine: HostEngineId,
  engineVersion: string,
  connection: HostConnection,
  judge: Judge,
  files: readonly PolicyFile[],
): Promise<LoadedPolicy> {
  const sent = files.map(({ name, content }) => ({ name, text: textOf(engine, name, content) }));
  const loaded = await connection.call("load", { engine, files: sent }, () => `loading a policy into \`${engine}\``);
  if ("refused" in loaded) {
    if (loaded.refused.code === "refused") throw new PolicyRefused(engine, loaded.refused.message);
    throw notCarriedOut(`loading a policy into \`${engine}\``, loaded.refused.message);
  }
  const { handle, warnings } = loaded.result;
  return {
    engine,
    warnings,
    async judge(reviews) {
      const verdicts = await judge(engine, handle, reviews);
      return verdicts.map((verdict) => ({ engine, engineVersion, ...verdict }) as EngineVerdict);
    },
    async unload() {
      const answer = await connection.call("unload", { handle }, () => `unloading a policy from \`${engine}\``);
      if ("refused" in answer) throw notCarriedOut(`unloading a policy from \`${engine}\``, answer.refused.message);
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
