import { UsageError } from "./usage-error.js";

/** The languages that Gatekeeper runs, each of which is a target. */
export const gatekeeperEngines = ["rego", "cel"] as const;
export type GatekeeperEngine = (typeof gatekeeperEngines)[number];

const targetOf: Readonly<Record<GatekeeperEngine, string>> = { rego: "gatekeeper", cel: "gatekeeper-cel" };

/**
 * The names of targets, with Gatekeeper's in the chosen language: `--target gatekeeper --engine cel` is the target
 * `gatekeeper-cel`.
 *
 * @param targets as `--target` names them; `undefined`: it does not.
 * @throws UsageError if a language is chosen and the target is not named.
 */
export function inEngine(
  targets: readonly string[] | undefined,
  engine: GatekeeperEngine | undefined,
): readonly string[] | undefined {
  if (engine === undefined) return targets;
  if (!targets?.includes("gatekeeper")) {
    throw new UsageError(
      `\`--engine ${engine}\` is about the target \`gatekeeper\` alone, which is not named`,
      `write \`--target gatekeeper --engine ${engine}\`, or leave \`--engine\` out`,
    );
  }
  return targets.map((name) => (name === "gatekeeper" ? targetOf[engine] : name));
}
