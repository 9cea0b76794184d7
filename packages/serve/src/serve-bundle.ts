import { type PolicyFile, PolicyRefused, readBundle, type Webhook } from "@registry-policy/engines";
import { pino } from "pino";
import { answerMetrics } from "./metrics.js";
import { readPolicyData } from "./read-policy-data.js";
import { openPolicies } from "./served-policies.js";
import { webhookServer } from "./webhook-server.js";

/** In milliseconds: a test of many requests may keep the processor busy. */
const deadline = 30_000;

/**
 * Serves one bundle in this process, on a loopback address and without TLS: what a check asks as any other engine.
 *
 * @param files of the target `admission-webhook`, one of which is a bundle.
 * @throws PolicyRefused if it cannot be served.
 */
export async function serveBundle(files: readonly PolicyFile[]): Promise<Webhook> {
  const policies = open(files);
  const metrics = answerMetrics();
  const server = webhookServer(
    { deadline },
    {
      policies: () => policies,
      metrics,
      metricsText: async () => "",
      stale: () => [],
      log: pino({ enabled: false }),
    },
  );
  const port = await server.listen("127.0.0.1", 0);
  return { url: `http://127.0.0.1:${port}/validate`, close: () => server.close() };
}

function open(files: readonly PolicyFile[]) {
  try {
    const { wasm, data } = readBundle(files.filter(({ name }) => name.endsWith(".tar.gz")));
    return openPolicies([{ name: readPolicyData(data).name, origin: "the bundle", wasm, data }]);
  } catch (error) {
    throw new PolicyRefused("webhook", (error as Error).message);
  }
}
