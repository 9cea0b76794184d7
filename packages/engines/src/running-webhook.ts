import { connect } from "node:net";
import type { Webhook } from "./webhook-engine.js";

/** Nobody listens where a webhook is said to be: no review can be judged. */
export class WebhookUnreachable extends Error {
  override readonly name = "WebhookUnreachable";
  /** What to do about it. */
  readonly help = "start it, or check its address; `https:` needs its authority in NODE_EXTRA_CA_CERTS";
}

/** In milliseconds. */
const longestConnect = 5_000;

/**
 * A webhook that somebody runs. Closing it leaves it running.
 *
 * @param url `http:` or `https:`.
 * @throws WebhookUnreachable, where else thousands of reviews would fail one by one.
 */
export async function runningWebhook(url: string): Promise<Webhook> {
  const { hostname, port, protocol } = new URL(url);
  // An IPv6 address has its brackets in a URL alone.
  const host = hostname.replace(/^\[|\]$/g, "");
  await new Promise<void>((resolve, reject) => {
    const refuse = (why: string) => reject(new WebhookUnreachable(`nobody answers at \`${url}\`: ${why}`));
    const socket = connect({ host, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) });
    socket.setTimeout(longestConnect);
    socket
      .on("timeout", () => refuse(`no connection in ${longestConnect / 1000} s`))
      .on("timeout", () => socket.destroy());
    socket.on("error", ({ message }) => refuse(message));
    socket.on("connect", () => resolve()).on("connect", () => socket.destroy());
  });
  return { url, close: async () => {} };
}
