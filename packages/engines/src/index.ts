export type { Engine, EngineVerdict, LoadedPolicy, PolicyFile } from "./engine.js";
export { type EngineHost, type HostOptions, startHost } from "./engine-host.js";
export {
  type EngineFacts,
  type EngineId,
  engineIds,
  engines,
  type HostEngineId,
  type LocalEngineId,
} from "./engines.js";
export { findHost, hostVariable } from "./find-host.js";
export { HostError, type HostErrorCode } from "./host-error.js";
export { openEngine } from "./open-engine.js";
export { PolicyRefused } from "./policy-refused.js";
export { readBundle, type WasmPolicy } from "./read-bundle.js";
export { readDecision, type WasmDecision, type WasmViolation } from "./read-decision.js";
export { runningWebhook, WebhookUnreachable } from "./running-webhook.js";
export type { EmbeddedName, ParsedReference } from "./stdio-protocol.js";
export { wasmEngine } from "./wasm-engine.js";
export { type CompiledWasm, compileWasm, type OpenWasm, openWasm } from "./wasm-policy.js";
export { type Webhook, webhookEngine } from "./webhook-engine.js";
