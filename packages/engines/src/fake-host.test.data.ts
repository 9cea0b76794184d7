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

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly policies?: readonly { readonly reviews: readonly number[] }[] };
}
type OnRequest = (request: Request) => void;

/** Answers `load` as the host does, and everything else with what is given. */
const afterLoading =
  (otherwise: OnRequest): OnRequest =>
  (request) => {
    if (request.method === "load") write({ id: request.id, result: { handle: 1, warnings: [] } });
    else otherwise(request);
  };

/** Answers `judge` with a list for each policy, changed as is given. */
const judging = (change: (lists: unknown[][]) => unknown, verdict: object = allow): OnRequest =>
  afterLoading(({ id, params }) => {
    const lists = params.policies?.map(({ reviews }) => reviews.map(() => verdict)) ?? [];
    write({ id, result: { verdicts: change(lists) } });
  });

const allow = { verdict: "allow", images: [], messages: [], durationNs: 1 };

const behaviours: Record<string, { readonly hello: unknown; readonly onRequest?: OnRequest }> = {
  "another protocol": { hello: { ...hello, protocol: protocolVersion + 1, engines: { later: true } } },
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
  "gives no verdicts": { hello, onRequest: judging(() => null) },
  "gives one list too few": { hello, onRequest: judging((lists) => lists.slice(1)) },
  "gives one list of verdicts for all": { hello, onRequest: judging((lists) => lists.flat()) },
  "gives too few verdicts": { hello, onRequest: judging((lists) => lists.map((list) => list.slice(1))) },
  "gives an unknown verdict": { hello, onRequest: judging((lists) => lists, { ...allow, verdict: "maybe" }) },
  "gives an error without words": { hello, onRequest: judging((lists) => lists, { ...allow, verdict: "error" }) },
  "cannot carry out": {
    hello,
    onRequest: afterLoading(({ id }) => write({ id, error: { code: "crash", message: "nil map" } })),
  },
  "ignores the end of its input": { hello, onRequest: judging((lists) => lists) },
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
