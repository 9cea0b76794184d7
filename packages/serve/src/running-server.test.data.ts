import type { ExecutionContext } from "ava";
import { pino } from "pino";
import { answerMetrics, metricsText } from "./metrics.js";
import type { PolicySource } from "./policy-source.js";
import { openPolicies, type ServedPolicies } from "./served-policies.js";
import type { ServerOptions } from "./server-options.js";
import { type WebhookServer, webhookServer } from "./webhook-server.js";

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly server: WebhookServer;
  readonly lines: readonly Record<string, unknown>[];
  readonly metrics: () => Promise<string>;
  replace(policies: ServedPolicies): void;
  // biome-ignore lint/suspicious/noExplicitAny: each test asserts what it expects of the answer
  post(path: string, body: unknown): Promise<{ status: number; body: any }>;
}

/** A server in this process, on a free port of the loopback address, that ends with the test. */
export async function runningServer(
  t: ExecutionContext,
  policies: readonly PolicySource[] | ServedPolicies,
  options: Partial<ServerOptions> = {},
): Promise<RunningServer> {
  let current = "judge" in policies ? policies : openPolicies(policies);
  const lines: Record<string, unknown>[] = [];
  const counted = answerMetrics();
  const metrics = async () => metricsText([await counted.read()]);
  const server = webhookServer(
    { deadline: 10_000, ...options },
    {
      policies: () => current,
      metrics: counted,
      metricsText: metrics,
      stale: () => [],
      log: pino({}, { write: (line: string) => lines.push(JSON.parse(line)) }),
    },
  );
  t.teardown(() => server.close());
  const port = await server.listen("127.0.0.1", 0);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    server,
    lines,
    metrics,
    replace(next) {
      current = next;
    },
    async post(path, body) {
      const text = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}${path}`, { method: "POST", headers, body: text as string });
      return { status: response.status, body: await response.json() };
    },
  };
}
