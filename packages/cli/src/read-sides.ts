import type { ComparedSide } from "@registry-policy/equivalence";
import { singleOption } from "./list-option.js";
import { readComparedFiles } from "./read-compared-files.js";
import { UsageError } from "./usage-error.js";
import { webhookOption } from "./webhook-option.js";

/** The words that say what is compared. */
export interface SideArguments {
  readonly left: string;
  readonly right: string;
  readonly entrypoint: unknown;
  readonly "left-entrypoint": unknown;
  readonly "right-entrypoint": unknown;
}

/**
 * Finds out what both sides are; of a webhook, once the other side is known.
 *
 * @throws InputError for a side that is none, UsageError for an option that is about neither.
 */
export async function readSides(parsed: SideArguments): Promise<[ComparedSide, ComparedSide]> {
  const { comparedSide, webhookSide } = await import("@registry-policy/equivalence");
  const [left, right] = [parsed.left, parsed.right];
  const urls = [left, right].map((side) => webhookOption([side]).webhookUrl);
  const entrypoints = (["left-entrypoint", "right-entrypoint"] as const).map(
    (option) => singleOption(option, parsed[option]) ?? singleOption("entrypoint", parsed.entrypoint),
  );
  const read = async (path: string, entrypoint?: string) => comparedSide(await readComparedFiles(path), entrypoint);
  const [ofLeft, ofRight] = await Promise.all(
    [left, right].map((path, at) => (urls[at] === undefined ? read(path, entrypoints[at]) : undefined)),
  );
  const webhook = (url: string | undefined, other?: ComparedSide) => webhookSide(url as string, other);
  const sides = [ofLeft ?? webhook(urls[0], ofRight), ofRight ?? webhook(urls[1], ofLeft)] as const;
  refuseUnused("left-entrypoint", parsed["left-entrypoint"], [sides[0]]);
  refuseUnused("right-entrypoint", parsed["right-entrypoint"], [sides[1]]);
  refuseUnused("entrypoint", parsed.entrypoint, sides);
  return [...sides];
}

function refuseUnused(option: string, value: unknown, sides: readonly ComparedSide[]): void {
  if (value === undefined || sides.some(({ judges }) => judges === "opa-rego")) return;
  const found = sides.map(({ title }) => `\`${title}\``).join(" and ");
  const message = `\`--${option}\` is about Rego alone, and what is compared is ${found}`;
  throw new UsageError(message, `leave \`--${option}\` out`);
}
