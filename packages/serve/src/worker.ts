import type { Change, FromWorker, ToWorker } from "./cluster-messages.js";
import { openLog } from "./log.js";
import { answerMetrics } from "./metrics.js";
import { ServeError } from "./policy-source.js";
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
    const listening = opened.listen(host, port).catch((error: unknown) => {
      throw notListening(host, port, error);
    });
    send({ type: "listening", port: await listening });
  } catch (error) {
    const { message } = error as Error;
    const help = error instanceof ServeError ? error.help : "start it anew";
    send({ type: "failed", message, help });
    process.disconnect();
  }
}

/** What the system says of an address, in other words than its own. */
const addressProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process listens there",
  EADDRNOTAVAIL: "this machine has no such address",
  EACCES: "this user may not",
  ENOTFOUND: "nobody knows the name",
};

function notListening(host: string, port: number, error: unknown): ServeError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = addressProblems[code ?? ""] ?? message;
  return new ServeError(`port ${port} of \`${host}\` cannot be listened on: ${why}`, "choose another address or port");
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
