import type { Engine, EngineFacts, EngineHost, EngineId } from "@registry-policy/engines";

/** Engines that run until they are closed. */
export interface OpenEngines {
  readonly engines: readonly Engine[];
  /** Ends the engine host, if there is one. */
  readonly close: () => Promise<void>;
}

/**
 * Opens engines; the host is started only if one of them runs in it.
 *
 * @throws HostError if the host does not start.
 */
export async function openEngines(ids: readonly EngineId[]): Promise<OpenEngines> {
  const { engines, openEngine, startHost } = await import("@registry-policy/engines");
  const needsHost = ids.some((id) => (engines[id] as EngineFacts).runsIn !== "node");
  const host = needsHost ? await startHost() : noHost;
  return {
    engines: ids.map((id) => openEngine(id, host)),
    close: () => (needsHost ? host.close() : Promise.resolve()),
  };
}

/** In the place of a host that no engine asks for anything. */
const noHost = {
  get version(): never {
    throw new Error("no engine host was started");
  },
} as unknown as EngineHost;
