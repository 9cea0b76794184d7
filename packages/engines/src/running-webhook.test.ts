import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "ava";
import { runningWebhook, WebhookUnreachable } from "./running-webhook.js";

test("a webhook that listens is left running, one that does not is said to be away", async (t) => {
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/validate`;
  const webhook = await runningWebhook(url);
  t.is(webhook.url, url);
  await webhook.close();
  t.true((await fetch(url)).ok);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  // Port 1, which no system gives away: whoever starts meanwhile could be given the one that has just become free.
  const away = runningWebhook("http://127.0.0.1:1/validate");
  const error = await t.throwsAsync(away, { instanceOf: WebhookUnreachable });
  t.regex(error?.message ?? "", /^nobody answers at `http:.*`: connect ECONNREFUSED/);
});
