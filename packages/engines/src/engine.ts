import type { Review, VerdictKind } from "@registry-policy/language";
import type { EngineId } from "./engines.js";

/** One file of a policy, as a user would hand it to the engine: text, or bytes for a bundle. */
export interface PolicyFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** What an engine says about one review. */
export interface EngineVerdict {
  readonly engine: EngineId;
  readonly engineVersion: string;
  readonly verdict: VerdictKind;
  /** The images that the engine names as violating, once each. */
  readonly images: readonly string[];
  /** The engine's own words. */
  readonly messages: readonly string[];
  /** Why the engine could not decide; only with the verdict `error`. */
  readonly error?: string;
  /** The time that the engine took, in nanoseconds. */
  readonly durationNs: number;
}

/** A policy that an engine has compiled. */
export interface LoadedPolicy {
  readonly engine: EngineId;
  /** What the engine's own validation warned about. */
  readonly warnings: readonly string[];
  /**
   * Judges admission requests.
   *
   * @returns one verdict for each review, in their order; what an engine cannot judge is a verdict `error`
   * @throws HostError if the engine host fails: nothing was decided about any of the reviews
   */
  judge(reviews: readonly Review[]): Promise<EngineVerdict[]>;
  /** Lets the engine forget the policy, which must not be asked to judge after that. */
  unload(): Promise<void>;
}

/** A policy engine: its own code, however it is run. */
export interface Engine {
  readonly id: EngineId;
  readonly version: string;
  /**
   * Compiles a policy.
   *
   * @param files every file of the policy that this engine reads, and no other
   * @throws PolicyRefused if the engine, or its own validation, refuses the policy
   * @throws HostError if the engine host fails
   */
  load(files: readonly PolicyFile[]): Promise<LoadedPolicy>;
}
