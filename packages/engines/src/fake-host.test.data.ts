import { fileURLToPath } from "node:url";
import { type EngineHost, type HostOptions, startHost } from "./engine-host.js";
import { type Hello, protocolVersion } from "./stdio-protocol.js";

/** Options that start, instead of the host, this program as one that misbehaves in the given way. */
export function fakeHost(behaviour: keyof typeof behaviours): HostOptions {
  return {
    path: process.execPath,
    arguments: [fileURLToPath(import.meta.url), behaviour],
    timeout: behaviour === "hangs" ? 2_000 : 60_000,
    startTimeout: 60_000,
  };
}

/** Starts one, for what goes wrong after the handshake. */
export function startFakeHost(behaviour: keyof typeof behaviours): Promise<EngineHost> {
  return startHost(fakeHost(behaviour));
}

const versions = {
  kyverno: "v1",
  gatekeeper: "v1",
  opa: "v1",
  kubernetes: "v1",
  cel: "v1",
  "distribution-reference": "v1",
};
const hello: Hello = { protocol: protocolVersion, host: "9.9.9", engines: versions };

const write = (message: unknown): void => {
  process.stdout.write(`${typeof message === "string" ? message : JSON.stringify(message)}\n`);
};

type OnRequest = (request: { id: number; method: string; params: { reviews?: unknown[] } }) => void;

/** Answers `load` as the host does, and everything else with what is given. */
const afterLoading =
  (otherwise: OnRequest): OnRequest =>
  (request) => {
    if (request.method === "load") write({ id: request.id, result: { handle: 1, warnings: [] } });
    else otherwise(request);
  };

const allow = { verdict: "allow", images: [], messages: [], durationNs: 1 };

const behaviours: Record<string, { readonly hello: unknown; readonly onRequest?: OnRequest }> = {
  "another protocol": { hello: { ...hello, protocol: 2, engines: { later: true } } },
  "no hello": { hello: undefined },
  "garbage for a hello": { hello: "Segmentation fault" },
  "a hello without versions": { hello: { protocol: protocolVersion, host: "1" } },
  hangs: { hello, onRequest: afterLoading(() => {}) },
  "dies of a signal": { hello, onRequest: afterLoading(() => process.kill(process.pid, "SIGTERM")) },
  "exits with words": {
    hello,
    onRequest: afterLoading(() => {
      process.stderr.write("fatal error: out of memory\n", () => process.exit(2));
    }),
  },
  "closes its output": { hello, onRequest: afterLoading(() => process.stdout.end()) },
  "writes garbage": { hello, onRequest: afterLoading(() => write(`panic: ${"x".repeat(500)}`)) },
  "answers another request": { hello, onRequest: afterLoading(({ id }) => write({ id: id + 1, result: {} })) },
  "answers with neither result nor error": { hello, onRequest: afterLoading(({ id }) => write({ id })) },
  "gives too few verdicts": { hello, onRequest: afterLoading(({ id }) => write({ id, result: { verdicts: [] } })) },
  "gives an unknown verdict": {
    hello,
    onRequest: afterLoading(({ id }) => write({ id, result: { verdicts: [{ ...allow, verdict: "maybe" }] } })),
  },
  "gives an error without words": {
    hello,
    onRequest: afterLoading(({ id }) => write({ id, result: { verdicts: [{ ...allow, verdict: "error" }] } })),
  },
  "cannot carry out": {
    hello,
    onRequest: afterLoading(({ id }) => write({ id, error: { code: "crash", message: "nil map" } })),
  },
  "ignores the end of its input": {
    hello,
    onRequest: afterLoading(({ id, params }) => write({ id, result: { verdicts: params.reviews?.map(() => allow) } })),
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const behaviour = behaviours[process.argv[2] ?? ""];
  if (behaviour === undefined) throw new Error(`there is no behaviour \`${process.argv[2]}\``);
  if (behaviour.hello !== undefined) write(behaviour.hello);
  const { createInterface } = await import("node:readline");
  createInterface({ input: process.stdin }).on("line", (line) => behaviour.onRequest?.(JSON.parse(line)));
  // Whatever is asked of it, it does not end by itself before a test would have failed for long.
  setTimeout(() => {}, 60_000);
}
