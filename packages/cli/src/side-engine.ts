import type { ComparedSide, SideEngine } from "@registry-policy/equivalence";
import { emit } from "./emit.js";
import { UsageError } from "./usage-error.js";

/** The engines that can be named, for the help: the help does not load them. The types say what is missing. */
const names = {
  "kyverno-cluster-policy": true,
  "kyverno-validating-policy": true,
  gatekeeper: true,
  "gatekeeper-cel": true,
  "validating-admission-policy": true,
} as const satisfies Record<SideEngine, true>;

export const sideEngineNames = Object.keys(names) as SideEngine[];

/**
 * A side as the engine that is named for it judges it: our own policies, compiled for that engine.
 *
 * @param option the name of the option that names it.
 * @param engine `undefined`: none is named, and the side stays as it is.
 * @throws UsageError for a side that is no policy of ours, or of which the engine's target cannot be made.
 */
export async function inSideEngine(
  side: ComparedSide,
  option: string,
  engine: SideEngine | undefined,
): Promise<ComparedSide> {
  if (engine === undefined) return side;
  if (side.judges !== "reference") {
    throw new UsageError(
      `\`--${option}\` is about a RegistryPolicy alone, and that side is \`${side.title}\``,
      `leave \`--${option}\` out: it is judged by its own engine`,
    );
  }
  const { emittedSide } = await import("@registry-policy/equivalence");
  const { artifacts, diagnostics } = await emit(side.policies, [engine]);
  const wrong = diagnostics.find(({ severity }) => severity === "error");
  if (wrong !== undefined) throw new UsageError(wrong.message, wrong.help ?? "name another engine");
  return emittedSide(side, engine, artifacts);
}
