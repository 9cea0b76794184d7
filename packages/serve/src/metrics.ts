import { AggregatorRegistry, Counter, Gauge, Histogram, type MetricObject, Registry } from "prom-client";

/** The kind of review that an endpoint takes. */
export type Endpoint = "validate" | "image-review";

/** What a process that answers reviews counts. */
export interface AnswerMetrics {
  /** One policy's word on one request. */
  decided(endpoint: Endpoint, policy: string, verdict: string): void;
  /** A review was answered, `seconds` after its head was read. */
  answered(endpoint: Endpoint, seconds: number): void;
  /** A request was not judged: `kind` is one of few. */
  failed(kind: ErrorKind): void;
  read(): Promise<MetricObject[]>;
}

/** Why a request was not judged as it should be. */
const errorKinds = ["body", "size", "path", "review", "deadline", "client", "policy", "internal"] as const;
export type ErrorKind = (typeof errorKinds)[number];

/** What the process that reads policies and certificates counts. */
export interface ReloadMetrics {
  /** An attempt to take what changed on disk into use. */
  reloaded(what: ReloadKind, succeeded: boolean): void;
  workerEnded(): void;
  certificateEnds(when: Date): void;
  read(): Promise<MetricObject[]>;
}

const reloadKinds = ["policies", "certificates"] as const;
export type ReloadKind = (typeof reloadKinds)[number];

export function answerMetrics(): AnswerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const decisions = new Counter({
    name: "registry_policy_decisions_total",
    help: "Verdicts of policies on requests that they may apply to.",
    labelNames: ["endpoint", "policy", "verdict"],
    registers,
  });
  const duration = new Histogram({
    name: "registry_policy_request_duration_seconds",
    help: "From the head of a review's request to its answer.",
    labelNames: ["endpoint"],
    buckets: [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const errors = new Counter({
    name: "registry_policy_errors_total",
    help: "Requests that were refused without being judged, by why.",
    labelNames: ["kind"],
    registers,
  });
  // One that appeared with its first error would have risen from nothing, which no alert sees.
  for (const kind of errorKinds) errors.inc({ kind }, 0);
  return {
    decided: (endpoint, policy, verdict) => decisions.inc({ endpoint, policy, verdict }),
    answered: (endpoint, seconds) => duration.observe({ endpoint }, seconds),
    failed: (kind) => errors.inc({ kind }),
    read: () => registry.getMetricsAsJSON() as Promise<MetricObject[]>,
  };
}

export function reloadMetrics(): ReloadMetrics {
  const registry = new Registry();
  const registers = [registry];
  const reloads = new Counter({
    name: "registry_policy_reloads_total",
    help: "Attempts to take changed files into use.",
    labelNames: ["what", "result"],
    registers,
  });
  const stale = new Gauge({
    name: "registry_policy_stale",
    help: "1 where the files on disk cannot be used and the last good ones are, else 0.",
    labelNames: ["what"],
    registers,
  });
  const ended = new Counter({
    name: "registry_policy_workers_ended_total",
    help: "Processes that ended unasked and were replaced.",
    registers,
  });
  const expiry = new Gauge({
    name: "registry_policy_certificate_expiry_seconds",
    help: "When the certificate that is served ends, in seconds since 1970.",
    // It is not told of where there is none: 0 would be a certificate that ended long ago.
    registers: [],
  });
  for (const what of reloadKinds) {
    stale.set({ what }, 0);
    for (const result of ["success", "failure"]) reloads.inc({ what, result }, 0);
  }
  return {
    reloaded(what, succeeded) {
      reloads.inc({ what, result: succeeded ? "success" : "failure" });
      stale.set({ what }, succeeded ? 0 : 1);
    },
    workerEnded: () => ended.inc(),
    certificateEnds(when) {
      registry.registerMetric(expiry);
      expiry.set(when.getTime() / 1_000);
    },
    read: () => registry.getMetricsAsJSON() as Promise<MetricObject[]>,
  };
}

/** The metrics of several processes as those of one. */
export function summed(read: readonly (readonly MetricObject[])[]): Promise<MetricObject[]> {
  return AggregatorRegistry.aggregate(read as unknown as object[]).getMetricsAsJSON() as Promise<MetricObject[]>;
}

/** The metrics of several processes as one text in the format of Prometheus. */
export function metricsText(read: readonly (readonly MetricObject[])[]): Promise<string> {
  return AggregatorRegistry.aggregate(read as unknown as object[]).metrics();
}

export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;
