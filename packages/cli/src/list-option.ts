import { UsageError } from "./usage-error.js";

/** An option that may be given several times or as a list with commas. */
export function listOption(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const items = [value].flat().flatMap((item) => String(item).split(","));
  return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ""))];
}

/** An option of which there can be one. */
export function singleOption(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) throw new UsageError(`\`--${name}\` is given more than once`, "give it once");
  if (value === "")
    throw new UsageError(`\`--${name}\` has no value`, `write one after it, or leave \`--${name}\` out`);
  return String(value);
}

/**
 * The chosen ones of known names.
 *
 * @throws UsageError for a name that is not known.
 */
export function chooseNames<T extends string>(
  option: string,
  chosen: readonly string[] | undefined,
  known: readonly T[],
  byDefault: readonly T[],
): readonly T[] {
  if (chosen === undefined || chosen.length === 0) return byDefault;
  const unknown = chosen.find((name) => !known.includes(name as T));
  if (unknown !== undefined) {
    const names = known.map((name) => `\`${name}\``).join(", ");
    throw new UsageError(`there is no ${option} \`${unknown}\``, `choose among ${names}`);
  }
  return known.filter((name) => chosen.includes(name));
}
