import { type EngineId, engines } from "@registry-policy/engines";
import { engineParts } from "../matrix/judged-by.js";
import type { EmittedFile } from "../matrix/panel.js";
import { type ComparedSide, comparedSide } from "./compared-side.js";

/** The engines in the cluster that can judge our own policies in the place of the reference evaluator. */
export const sideEngines = [
  "kyverno-cluster-policy",
  "kyverno-validating-policy",
  "gatekeeper",
  "gatekeeper-cel",
  "validating-admission-policy",
] as const satisfies readonly EngineId[];
export type SideEngine = (typeof sideEngines)[number];

/**
 * Our own policies as an engine judges them: with what is emitted for it.
 *
 * @param emitted for the engine's target, by paths that begin with the target's folder.
 */
export function emittedSide(side: ComparedSide, engine: SideEngine, emitted: readonly EmittedFile[]): ComparedSide {
  const { target, reads } = engineParts[engine];
  const files = emitted.flatMap(({ path, content }) => {
    const isRead = path.startsWith(`${target}/`) && reads(path.slice(target.length + 1));
    return isRead && typeof content === "string" ? [{ path, text: content }] : [];
  });
  return { ...comparedSide(files), title: `${side.title} for ${engines[engine].title}`, policies: side.policies };
}
