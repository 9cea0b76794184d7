import type { Engine } from "./engine.js";
import type { EngineHost } from "./engine-host.js";
import { type EngineFacts, engines, type HostEngineId, type LocalEngineId } from "./engines.js";
import { wasmEngine } from "./wasm-engine.js";

/**
 * An engine by its id.
 *
 * @param host where the engines of the host run; closing it ends them
 */
export function openEngine(id: LocalEngineId, host: EngineHost): Engine {
  const { runsIn }: EngineFacts = engines[id];
  if (typeof runsIn === "string") return wasmEngine();
  return hostEngine(id as HostEngineId, host.versions[runsIn.host], host);
}

function hostEngine(id: HostEngineId, version: string, host: EngineHost): Engine {
  return { id, version, load: (files) => host.load(id, files) };
}
