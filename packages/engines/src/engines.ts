import type { EmbeddedName } from "./stdio-protocol.js";

/** What is known of an engine before it runs. */
export interface EngineFacts {
  /** As people call it. */
  readonly title: string;
  /**
   * What runs it: the host, which says the version of the part named here; OPA's wasm inside Node; or a server that is
   * asked over the network.
   */
  readonly runsIn: { readonly host: EmbeddedName } | "node" | "network";
}

/** Every engine by its id, in the order in which reports show them. Its other half is `registry.go` in the host. */
export const engines = {
  "kyverno-cluster-policy": { title: "Kyverno ClusterPolicy", runsIn: { host: "kyverno" } },
  "kyverno-validating-policy": { title: "Kyverno ValidatingPolicy", runsIn: { host: "kyverno" } },
  gatekeeper: { title: "Gatekeeper (Rego)", runsIn: { host: "gatekeeper" } },
  "gatekeeper-cel": { title: "Gatekeeper (CEL)", runsIn: { host: "gatekeeper" } },
  "validating-admission-policy": { title: "ValidatingAdmissionPolicy", runsIn: { host: "kubernetes" } },
  opa: { title: "OPA (wasm)", runsIn: "node" },
  "opa-rego": { title: "OPA (Rego)", runsIn: { host: "opa" } },
  webhook: { title: "Admission webhook", runsIn: "network" },
} as const satisfies Record<string, EngineFacts>;

/** The id of an engine, which is that of the compiler's target where it runs all that the target emits. */
export type EngineId = keyof typeof engines;

/** An engine that needs no server to ask. */
export type LocalEngineId = Exclude<EngineId, "webhook">;

/** The engines that need no server, in the order in which reports show them. */
export const engineIds = (Object.keys(engines) as EngineId[]).filter((id): id is LocalEngineId => id !== "webhook");

/** The engines that the host runs. */
export type HostEngineId = {
  [Id in EngineId]: (typeof engines)[Id]["runsIn"] extends "node" | "network" ? never : Id;
}[EngineId];
