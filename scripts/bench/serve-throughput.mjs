import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compilePolicies, loadTemplates, targetById } from "../../packages/compiler/dist/index.js";
import { parsePolicies } from "../../packages/language/dist/index.js";
import {
  allowed,
  differentReviews,
  load,
  policyText,
  root,
  startBare,
  startWebhook,
  workplace,
} from "./support/webhook-load.mjs";

export const name = "the webhook beside OPA's server and a bare HTTPS server (64 connections, TLS)";

/** What the webhook remembers is of no use to it where no two reviews are alike, and of most where all are. */
const [different, alike] = ["all different", "all alike"];

/**
 * One after the other on this machine, the same reviews and the same policy for both that judge. OPA's server is given the
 * same Rego and data, and reads the data as fast as it can.
 */
export async function run() {
  const place = await workplace();
  try {
    const rows = [];
    const measure = async (server, patterns, url, reviews, bodiesOf) => {
      const full = await load(url, bodiesOf);
      const half = await load(url, bodiesOf, { rate: Math.floor(full.requestsPerSecond / 2), warmUp: 0 });
      rows.push({ server, patterns, reviews, ...full, p99AtHalfLoad: half.p99 });
    };
    const asInput = (bodiesOf) => () => bodiesOf().map((input) => ({ input }));
    const bare = await startBare(place);
    await measure(bareServer, 0, bare.url, different, differentReviews()).finally(bare.close);
    for (const patterns of [10, 1_000]) {
      const path = join(place.folder, `policy-${patterns}.yaml`);
      writeFileSync(path, policyText(patterns));
      const webhook = await startWebhook(place, [path]);
      try {
        const url = `${webhook.url}/validate`;
        await measure(ours, patterns, url, different, differentReviews());
        await measure(ours, patterns, url, alike, () => [allowed]);
      } finally {
        await webhook.close();
      }
      const server = await startOpa(place, patterns);
      await measure(opa, patterns, server.url, different, asInput(differentReviews())).finally(server.close);
    }
    return rows;
  } finally {
    place.close();
  }
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
