import type { Diagnostic, Policy } from "@registry-policy/language";
import type { Templates } from "./templates.js";

/** One file that a target makes. */
export interface Artifact {
  /** Below the target's folder, with `/`: `trusted-registries.yaml`, `trusted-registries/bundle.tar.gz`. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** What a target makes of one policy. With an error among the diagnostics, the artifacts are empty. */
export interface Emission {
  readonly artifacts: readonly Artifact[];
  readonly diagnostics: readonly Diagnostic[];
}

/** An engine's way of saying a registry policy. One folder below `targets/`, the same files in each. */
export interface Target {
  /** As in `--target`, and the name of the engine that judges with what this target emits. */
  readonly id: string;
  /** As a person calls it: `Kyverno ClusterPolicy`. */
  readonly title: string;
  readonly capabilities: Capabilities;
  /** Deterministic to the byte: the same policy and templates give the same artifacts. */
  emit(policy: Policy, templates: Templates): Emission;
  /** What all the policies of one target's folder share: `kustomization.yaml`, a constraint template. */
  emitShared(policies: readonly Policy[], templates: Templates): readonly Artifact[];
}

/** What a target can say, as data: the table in the README is made of it. */
export interface Capabilities {
  /** Every feature of the language, and how this target says it. */
  readonly features: Readonly<Record<Feature, Support>>;
  /** Bytes of one object that the engine, or the API server for it, takes at the most. */
  readonly maximumObjectBytes: number;
}

export type Support =
  | { readonly level: "full" }
  /** Said differently, or with a condition; `note` says which, in one sentence. */
  | { readonly level: "partial"; readonly note: string }
  | { readonly level: "none"; readonly note: string };

export const features = [
  "allow",
  "deny",
  "wildcard-registry",
  "require-registry",
  "require-tag",
  "require-digest",
  "deny-tags",
  "init-containers",
  "ephemeral-containers",
  "image-volumes",
  "pod-template-kinds",
  "namespaces",
  "namespace-selector",
  "exempt-users",
  "break-glass",
  "enforcement-warn",
  "enforcement-audit",
  "names-every-image",
] as const;

export type Feature = (typeof features)[number];
