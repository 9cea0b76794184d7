import type { EngineId } from "./engines.js";

/** An engine, or its own validation, does not take a policy. `message` holds the engine's words. */
export class PolicyRefused extends Error {
  override readonly name = "PolicyRefused";
  readonly engine: EngineId;
  /** The engine's words alone. */
  readonly reason: string;

  constructor(engine: EngineId, reason: string) {
    super(`\`${engine}\` refuses the policy: ${reason}`);
    this.engine = engine;
    this.reason = reason;
  }
}
