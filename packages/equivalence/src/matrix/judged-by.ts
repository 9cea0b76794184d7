import type { EngineId } from "@registry-policy/engines";

/** How an engine takes part in the matrix. */
export interface EnginePart {
  /** The compiler's target whose artifacts it judges with. */
  readonly target: string;
  /** Whether it reads an artifact; what is left is for the user's other tools. The path is below the target's folder. */
  readonly reads: (path: string) => boolean;
  /** Whether it looks a namespace's labels up itself, and so cannot be asked where nobody knows them. */
  readonly looksNamespacesUp: boolean;
  /** Whether it is asked where the user chose no engines. */
  readonly isDefault: boolean;
}

const isManifest = (path: string) => path.endsWith(".yaml") && !/(^|\/)kustomization\.yaml$/.test(path);

/** Every engine, and what it reads of what is emitted. */
export const engineParts = {
  "kyverno-cluster-policy": {
    target: "kyverno-cluster-policy",
    reads: isManifest,
    looksNamespacesUp: true,
    isDefault: true,
  },
  gatekeeper: { target: "gatekeeper", reads: isManifest, looksNamespacesUp: true, isDefault: true },
  opa: { target: "opa", reads: (path) => path.endsWith(".tar.gz"), looksNamespacesUp: false, isDefault: true },
  // The same Rego as in the bundle, in the engine that it was not compiled by: asked for by name, and in the fuzzing.
  "opa-rego": {
    target: "opa",
    reads: (path) => path.endsWith(".rego") || path.endsWith("data.json"),
    looksNamespacesUp: false,
    isDefault: false,
  },
} as const satisfies Record<EngineId, EnginePart>;

/** The engines of the matrix where the user chose none, in the order of reports. */
export const defaultEngines = (Object.keys(engineParts) as EngineId[]).filter((id) => engineParts[id].isDefault);
