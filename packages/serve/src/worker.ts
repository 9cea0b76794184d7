import type { Change, FromWorker, ToWorker } from "./cluster-messages.js";
import { openLog } from "./log.js";
import { answerMetrics } from "./metrics.js";
import { openPolicies, type ServedPolicies } from "./served-policies.js";
import { type WebhookServer, webhookServer } from "./webhook-server.js";

/** One of the processes that answer: it does what it is told and reads nothing from disk. */

const metrics = answerMetrics();
const texts = new Map<number, (text: string) => void>();
let policies: ServedPolicies | undefined;
let stale: readonly string[] = [];
let server: WebhookServer | undefined;
let asked = 0;

// A signal to the whole group is the other process's to deal with: it tells when to end.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});

process.on("message", (message: ToWorker) => {
  if (message.type === "start") void start(message);
  else handle(message);
});
send({ type: "ready" });

async function start({ host, port, server: options, sources, stale: first, logLevel }: ToWorker & { type: "start" }) {
  try {
    policies = openPolicies(sources);
    stale = first;
    const opened = webhookServer(options, {
      policies: currentPolicies,
      metrics,
      metricsText: askForMetrics,
      stale: () => stale,
      log: openLog(logLevel),
    });
    server = opened;
    send({ type: "listening", port: await opened.listen(host, port) });
  } catch (error) {
    send({ type: "failed", message: (error as Error).message });
    process.disconnect();
  }
}

function handle(message: Exclude<ToWorker, { type: "start" }>): void {
  switch (message.type) {
    case "change":
      make(message.change);
      send({ type: "changed", id: message.id });
      break;
    case "close":
      void Promise.resolve(server?.close()).then(() => process.exit(0));
      break;
    case "ping":
      send({ type: "pong" });
      break;
    case "count":
      void metrics.read().then((read) => send({ type: "counted", id: message.id, metrics: read }));
      break;
    case "metrics":
      texts.get(message.id)?.(message.text);
      texts.delete(message.id);
      break;
  }
}

function make(change: Change): void {
  switch (change.type) {
    case "policies":
      policies = openPolicies(change.sources);
      break;
    case "tls":
      server?.setTls(change.tls);
      break;
    case "stale":
      stale = change.stale;
      break;
    case "drain":
      server?.drain();
      break;
  }
}

function currentPolicies(): ServedPolicies {
  if (policies === undefined) throw new Error("there is no policy yet");
  return policies;
}

function askForMetrics(): Promise<string> {
  const id = asked++;
  return new Promise((resolve) => {
    texts.set(id, resolve);
    send({ type: "metrics", id });
  });
}

function send(message: FromWorker): void {
  process.send?.(message);
}
