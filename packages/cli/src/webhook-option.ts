import { UsageError } from "./usage-error.js";

/** The engines that were chosen, and where the webhook is that is one of them. */
export interface ChosenEngines {
  /** Names; absent where none was chosen. */
  readonly names: readonly string[] | undefined;
  /** Of a webhook that runs; absent where the policy itself is to be served, or no webhook was chosen. */
  readonly webhookUrl?: string;
}

/**
 * Takes the address out of `webhook=URL` in a list of engines.
 *
 * @throws UsageError if it is no address of a web server, or there are two.
 */
export function webhookOption(chosen: readonly string[] | undefined): ChosenEngines {
  const urls = (chosen ?? []).filter((name) => name.startsWith("webhook="));
  const [first] = urls;
  if (first === undefined) return { names: chosen };
  if (urls.length > 1) throw new UsageError("there is more than one `webhook=URL`", "compare one webhook at a time");
  const text = first.slice("webhook=".length);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(
      `\`${text}\` is no address of a webhook`,
      "write it as `webhook=https://localhost:8443/validate`; Node trusts the authorities in NODE_EXTRA_CA_CERTS",
    );
  }
  return { names: (chosen ?? []).map((name) => (name === first ? "webhook" : name)), webhookUrl: url.href };
}
