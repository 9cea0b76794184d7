import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compilePolicies, loadTemplates, targetById } from "../../packages/compiler/dist/index.js";
import { parsePolicies } from "../../packages/language/dist/index.js";
import { evenLoad, fullLoad } from "./support/load.mjs";
import { processorTime } from "./support/processor-time.mjs";
import {
  allowed,
  differentReviews,
  policyText,
  root,
  startBare,
  startWebhook,
  workplace,
} from "./support/webhook-load.mjs";

export const name = "the webhook beside OPA's server and a bare HTTPS server (64 connections, TLS)";

/** What the webhook remembers is of no use to it where no two reviews are alike, and of most where all are. */
const [different, alike] = ["all different", "all alike"];

/** The servers take turns, and the best of each counts: other work on a machine only ever takes away. */
const warmUp = { seconds: 4 };
const full = { turns: 6, seconds: 2 };
const half = { turns: 12, seconds: 1 };

/**
 * The same reviews and the same policy for both that judge. OPA's server is given the same Rego and data, and reads the
 * data as fast as it can.
 */
export async function run() {
  const place = await workplace();
  const running = [];
  const started = async (starting) => {
    const server = await starting;
    running.push(server);
    return server;
  };
  try {
    const bare = async (name, does) => {
      const { child, url } = await started(startBare(place, does));
      return { server: name, patterns: 0, reviews: different, pid: child.pid, url, bodiesOf: differentReviews() };
    };
    const loads = [await bare(bareServer, "reads"), await bare("bare Node HTTPS that parses", "parses")];
    for (const patterns of [10, 1_000]) {
      const path = join(place.folder, `policy-${patterns}.yaml`);
      writeFileSync(path, policyText(patterns));
      const webhook = await started(startWebhook(place, [path]));
      const other = await started(startOpa(place, patterns));
      const inputs = differentReviews();
      const asked = { server: ours, patterns, pid: webhook.child.pid, url: `${webhook.url}/validate` };
      const otherAsked = { server: opa, patterns, pid: other.child.pid, url: other.url };
      loads.push(
        { ...asked, reviews: different, bodiesOf: differentReviews() },
        { ...asked, reviews: alike, bodiesOf: () => [allowed] },
        { ...otherAsked, reviews: different, bodiesOf: () => inputs().map((input) => ({ input })) },
      );
    }
    return await measured(loads);
  } finally {
    for (const { close } of running) await close();
    place.close();
  }
}

/**
 * First as much as each can do, and then half of that, which the bare server is sent too: what its p99 is then is the
 * machine's and the sender's.
 */
async function measured(loads) {
  for (const { url, bodiesOf } of loads) await fullLoad(url, bodiesOf, warmUp);
  const best = new Map();
  for (let turn = 0; turn < full.turns; turn++) {
    for (const one of loads) {
      const before = processorTime(one.pid);
      const answered = await fullLoad(one.url, one.bodiesOf, full);
      const spent = (processorTime(one.pid) - before) / (answered.requestsPerSecond * full.seconds);
      const done = { ...answered, processorMicroseconds: Math.round(spent) };
      if (done.requestsPerSecond > (best.get(one)?.requestsPerSecond ?? 0)) best.set(one, done);
    }
  }
  const [bare] = loads;
  const p99 = new Map();
  const bareP99 = new Map();
  for (let turn = 0; turn < half.turns; turn++) {
    for (const one of loads) {
      const rate = Math.floor(best.get(one).requestsPerSecond / 2);
      await keepLeast(p99, one, evenLoad(one.url, one.bodiesOf, { seconds: half.seconds, rate }));
      await keepLeast(bareP99, one, evenLoad(bare.url, bare.bodiesOf, { seconds: half.seconds, rate }));
    }
  }
  return loads.map((one) => {
    const { server, patterns, reviews } = one;
    const times = { p99AtHalfLoad: p99.get(one), bareP99AtThat: bareP99.get(one) };
    return { server, patterns, reviews, ...best.get(one), ...times };
  });
}

async function keepLeast(times, key, measuring) {
  const time = await measuring;
  times.set(key, Math.min(time, times.get(key) ?? time));
}

/** What the webhook is to be as fast as, within one run. */
export function boundsOf(rows) {
  const row = (server, patterns, reviews = different) =>
    rows.find((one) => one.server === server && one.patterns === patterns && one.reviews === reviews);
  const bare = row(bareServer, 0);
  const few = row(ours, 10);
  const ratio = (a, b) => Number((a.requestsPerSecond / b.requestsPerSecond).toFixed(2));
  const cost = ratio(few, row(ours, 1_000));
  return [
    ...[10, 1_000].map((patterns) => {
      const value = ratio(row(ours, patterns), row(opa, patterns));
      return { says: `at least as many requests as OPA, ${patterns} patterns`, value, holds: value >= 1 };
    }),
    ...[different, alike].map((reviews) => {
      const value = ratio(row(ours, 10, reviews), bare);
      return { says: `at least half the requests of a bare server, reviews ${reviews}`, value, holds: value >= 0.5 };
    }),
    { says: "p99 under 10 ms at half the load", value: few.p99AtHalfLoad, holds: few.p99AtHalfLoad < 10 },
    { says: "1,000 patterns cost at most 1.3 times 10", value: cost, holds: cost <= 1.3 },
  ];
}

const bareServer = "bare Node HTTPS";
const ours = "registry-policy serve";
const opa = "opa run --server";

/** OPA's command, built from its Go module by Go, once. */
async function opaBinary() {
  const binary = join(root, ".cache/opa-server/opa");
  if (existsSync(binary)) return binary;
  mkdirSync(join(root, ".cache/opa-server"), { recursive: true });
  const cwd = fileURLToPath(new URL("opa/", import.meta.url));
  await promisify(execFile)("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", binary, "."], { cwd });
  return binary;
}

async function startOpa({ folder, tls }, patterns) {
  const binary = await opaBinary();
  const { policies } = parsePolicies({ text: policyText(patterns), file: "policy.yaml" });
  const { artifacts } = compilePolicies(policies, { targets: [targetById("opa")], templates: loadTemplates() });
  const files = artifacts.filter(({ path }) => /\.(rego|json)$/.test(path));
  const paths = files.map(({ path, content }) => {
    const file = join(folder, `${patterns}-${path.split("/").at(-1)}`);
    writeFileSync(file, content);
    return file;
  });
  const port = await freePort();
  const args = [
    "run",
    "--server",
    `--addr=127.0.0.1:${port}`,
    `--tls-cert-file=${tls.cert}`,
    `--tls-private-key-file=${tls.key}`,
    "--log-level=error",
    "--skip-version-check",
    "--optimize-store-for-read-speed",
    ...paths,
  ];
  // It says that it listens to those alone who have it log every request.
  const child = spawn(binary, args, { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const isUp = async () => {
    while (!(await accepts(port))) {
      if (child.exitCode !== null) throw new Error(`OPA ended with ${child.exitCode}; its words are above`);
      await sleep(100);
    }
  };
  await isUp();
  return {
    child,
    url: `https://127.0.0.1:${port}/v1/data/kubernetes/admission/decision`,
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Whether somebody listens on a port. */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
  });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await run());
