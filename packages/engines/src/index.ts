export type { Engine, EngineVerdict, LoadedPolicy, PolicyFile } from "./engine.js";
export { type EngineHost, type HostOptions, startHost } from "./engine-host.js";
export { type EngineFacts, type EngineId, engineIds, engines, type HostEngineId, openEngine } from "./engines.js";
export { findHost, hostVariable } from "./find-host.js";
export { HostError, type HostErrorCode } from "./host-error.js";
export { PolicyRefused } from "./policy-refused.js";
export type { EmbeddedName, ParsedReference } from "./stdio-protocol.js";
export { wasmEngine } from "./wasm-engine.js";
