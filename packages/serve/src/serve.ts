import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { openLog, shortened } from "./log.js";
import { isLoopback } from "./loopback.js";
import { type ReloadKind, reloadMetrics } from "./metrics.js";
import { type PolicySource, ServeError } from "./policy-source.js";
import { fileState, readSources, sourcesState } from "./read-sources.js";
import { certificateEnd, readTls, type TlsPaths } from "./read-tls.js";
import type { ServerOptions, TlsFiles } from "./server-options.js";
import { policyTrial } from "./try-policies.js";
import { watchFiles } from "./watch-files.js";
import { startWorkers } from "./worker-pool.js";

/** What `registry-policy serve` is told. */
export interface ServeOptions {
  /** Policies, bundles, and directories with some. */
  readonly paths: readonly string[];
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Absent: without TLS, on a loopback address only. */
  readonly tls?: TlsPaths;
  /** Processes that answer; by default one for each core. */
  readonly workers?: number;
  /** In milliseconds: for a review to arrive and to be judged. */
  readonly deadline?: number;
  /** In milliseconds, from the signal to end to the last new connection: so long others take to hear of it. */
  readonly drain?: number;
  /** In milliseconds, between two looks at the files. */
  readonly watch?: number;
  readonly logLevel?: string;
}

/** After `drain`, what is being answered gets so long, in milliseconds. */
const lastAnswers = 10_000;

/**
 * Serves policies until the process is told to end, by SIGTERM or SIGINT.
 *
 * @returns whether every review that had come in was answered.
 * @throws ServeError if it cannot begin: a policy, a certificate or the address is of no use.
 */
export async function serve(options: ServeOptions): Promise<boolean> {
  const { paths, host, port, tls: tlsPaths, workers = availableParallelism(), logLevel = "info" } = options;
  const { deadline = 4_500, drain = 5_000, watch: interval = 1_000 } = options;
  if (tlsPaths === undefined && !isLoopback(host)) {
    throw new ServeError(
      `reviews would go to \`${host}\` without TLS`,
      "name `--tls-cert` and `--tls-key`; without TLS, a server listens on a loopback address such as `127.0.0.1` only",
    );
  }
  // From the beginning: unheard, each of them would end the process in the middle of it.
  const ending = new Promise<string>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
  let reloadNow = () => {};
  process.on("SIGHUP", () => reloadNow());
  const log = openLog(logLevel);
  const metrics = reloadMetrics();
  const policyState = () => sourcesState(paths);
  const tlsState = async () => (await Promise.all(Object.values({ ...tlsPaths }).map(fileState))).join("\n");
  const [policiesUsed, tlsUsed] = await Promise.all([policyState(), tlsState()]);
  const tryPolicies = policyTrial();
  const read = await readSources(paths);
  for (const warning of read.warnings) log.warn({ warning }, "a policy has a warning");
  await tryPolicies(read.sources);
  let sources: readonly PolicySource[] = read.sources;
  /** What ends is told of and served all the same: clients refuse it, and who renews it is not stopped by it. */
  const noteEnd = ({ cert }: TlsFiles) => {
    const end = certificateEnd(cert);
    metrics.certificateEnds(end);
    if (end.getTime() < Date.now()) log.warn({ ended: end.toISOString() }, "the certificate has ended: renew it");
  };
  let server: ServerOptions = { deadline, ...(tlsPaths !== undefined && { tls: await readTls(tlsPaths) }) };
  if (server.tls !== undefined) noteEnd(server.tls);
  const stale = new Map<ReloadKind, string>();

  const staleTexts = () => [...stale].map(([what, why]) => `${what}: ${why}`);
  const pool = await startWorkers({
    size: workers,
    current: () => ({ type: "start", host, port, server, sources, stale: staleTexts(), logLevel }),
    counted: () => metrics.read(),
    ended(why) {
      metrics.workerEnded();
      log.error({ why }, "a process ended unasked and is replaced");
    },
  });

  const reloadPolicies = async () => {
    const next = await readSources(paths, sources);
    await tryPolicies(next.sources);
    for (const warning of next.warnings) log.warn({ warning }, "a policy has a warning");
    sources = next.sources;
    await pool.tell({ type: "policies", sources });
  };
  const reloadTls = async () => {
    if (tlsPaths === undefined) return;
    const tls = await readTls(tlsPaths);
    server = { ...server, tls };
    noteEnd(tls);
    await pool.tell({ type: "tls", tls });
  };
  const attempt = (what: ReloadKind, reload: () => Promise<void>) => async () => {
    const problem = await reload().then(
      () => undefined,
      (error: Error) => shortened(error.message, 2_000),
    );
    if (problem === undefined) stale.delete(what);
    else stale.set(what, problem);
    metrics.reloaded(what, problem === undefined);
    await pool.tell({ type: "stale", stale: staleTexts() });
    if (problem === undefined) log.info({ policies: sources.map(({ name }) => name) }, `${what} reloaded`);
    else log.error({ why: problem }, `${what} cannot be reloaded: the last good ones stay`);
    return problem === undefined;
  };
  const watched = [
    { used: policiesUsed, state: policyState, reload: attempt("policies", reloadPolicies) },
    { used: tlsUsed, state: tlsState, reload: attempt("certificates", reloadTls) },
  ];
  const watch = watchFiles(tlsPaths === undefined ? watched.slice(0, 1) : watched, interval);
  reloadNow = () => void watch.now();
  const scheme = tlsPaths === undefined ? "http" : "https";
  const names = sources.map(({ name }) => name);
  const shownHost = host.includes(":") ? `[${host}]` : host;
  log.info({ url: `${scheme}://${shownHost}:${pool.port}`, policies: names, workers }, "serving");

  const signal = await ending;
  log.info({ signal }, "draining");
  watch.stop();
  await Promise.all([pool.tell({ type: "drain" }), sleep(drain)]);
  const isDone = await pool.close(lastAnswers);
  log.info({ isDone }, "ended");
  return isDone;
}
