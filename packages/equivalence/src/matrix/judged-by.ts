import { targetById } from "@registry-policy/compiler";
import { type EngineId, engineIds, type LocalEngineId } from "@registry-policy/engines";

/** How an engine takes part in the matrix. */
export interface EnginePart {
  /** The compiler's target whose artifacts it judges with. */
  readonly target: string;
  /** Whether it reads an artifact; what is left is for the user's other tools. The path is below the target's folder. */
  readonly reads: (path: string) => boolean;
  /**
   * When it looks a namespace's labels up itself, and so cannot be asked where nobody knows them. The API server looks
   * the namespace up for every policy of its own, as an expression may see it (plugin/policy/validating/dispatcher.go).
   */
  readonly looksNamespacesUp: "never" | "to-select" | "always";
  /**
   * Whether its refusals name images as data, and not in a sentence alone. It refuses a request for the images that it
   * names, each by itself, and names eight of them at least: what it says of a request with several is what it says of each.
   */
  readonly namesImages: boolean;
  /** Whether it is asked where the user chose no engines. */
  readonly isDefault: boolean;
}

const isManifest = (path: string) => path.endsWith(".yaml") && !/(^|\/)kustomization\.yaml$/.test(path);

/** An engine in the cluster, which judges with the manifests of the target of its own name. */
function inCluster(target: string, looksNamespacesUp: "to-select" | "always" = "to-select"): EnginePart {
  return { target, reads: isManifest, looksNamespacesUp, namesImages: true, isDefault: true };
}

/** Every engine, and what it reads of what is emitted. */
export const engineParts: Readonly<Record<EngineId, EnginePart>> = {
  "kyverno-cluster-policy": inCluster("kyverno-cluster-policy"),
  gatekeeper: inCluster("gatekeeper"),
  opa: {
    target: "opa",
    reads: (path) => path.endsWith(".tar.gz"),
    looksNamespacesUp: "never",
    namesImages: true,
    isDefault: true,
  },
  // The same Rego as in the bundle, in the engine that it was not compiled for: asked for by name.
  "opa-rego": {
    target: "opa",
    reads: (path) => path.endsWith(".rego") || path.endsWith("data.json"),
    looksNamespacesUp: "never",
    // `deny` is a set of sentences: a webhook that asks OPA shows them as they are.
    namesImages: false,
    isDefault: false,
  },
  // A webhook says what it found in a sentence. Its configuration selects namespaces by their labels, where they are known.
  webhook: {
    target: "admission-webhook",
    reads: (path) => path.endsWith("/webhook.yaml") || path.endsWith(".tar.gz"),
    looksNamespacesUp: "never",
    namesImages: false,
    isDefault: false,
  },
  "kyverno-validating-policy": inCluster("kyverno-validating-policy"),
  "validating-admission-policy": inCluster("validating-admission-policy", "always"),
  "gatekeeper-cel": inCluster("gatekeeper-cel"),
};

/** The engines for which something is emitted, in the order of reports; a webhook is asked where it is named. */
export const availableEngines: readonly LocalEngineId[] = engineIds.filter(
  (id) => targetById(engineParts[id].target) !== undefined,
);

/** The engines of the matrix where the user chose none. */
export const defaultEngines: readonly LocalEngineId[] = availableEngines.filter((id) => engineParts[id].isDefault);
