// Load on the webhook while its policy is exchanged every second, every tenth time for a broken one:
//
//   npm run soak -- [REVIEWS]      1,000,000 by default
//
// Ends with exit code 1 if a verdict is one that neither the policy before nor the policy after gives, if a connection
// is dropped, or if memory grows by more than a fifth.
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { connections, review, startWebhook, workplace } from "./bench/support/webhook-load.mjs";

/**
 * Verdicts that hold whatever policy is served, and one that tells which policy it is. Where there is an `N`, no two
 * reviews are alike: what the webhook remembers is of no use then.
 */
const cases = [
  { image: "registry.my.com/web:1", always: true },
  { image: "registry.my.com/web:N", always: true },
  { image: "evil.io/x", always: false },
  { image: "registry.my.com.evil.io/web:N", always: false },
  { image: "turns.example.com/web", always: undefined },
  { image: "turns.example.com/web:N", always: undefined },
].map(({ image, always }) => {
  const [before, after = ""] = JSON.stringify(review([image])).split(":N");
  const isSame = after === "";
  return { always, bodyOf: (number) => Buffer.from(isSame ? before : `${before}:v${number}${after}`) };
});

const policy = (allow) =>
  JSON.stringify({
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name: "soaked" },
    spec: { images: { allow } },
  });
const even = policy(["registry.my.com"]);
const odd = policy(["registry.my.com", "turns.example.com"]);
const broken = "apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nspec: {images: {allow: [";

/** @param reviews how many are sent in all. */
async function soak(reviews) {
  const place = await workplace();
  const path = join(place.folder, "policy.yaml");
  writeFileSync(path, even);
  const webhook = await startWebhook(place, [path]);
  const agent = new Agent({ keepAlive: true, maxSockets: connections, rejectUnauthorized: false });
  const counts = { reviews: 0, wrong: 0, dropped: 0, reloads: 0, broken: 0 };
  const memory = [];
  const seen = { allowed: false, refused: false };
  const reload = setInterval(() => {
    counts.reloads++;
    const isBroken = counts.reloads % 10 === 0;
    if (isBroken) counts.broken++;
    writeFileSync(`${path}.new`, isBroken ? broken : counts.reloads % 2 === 0 ? even : odd);
    renameSync(`${path}.new`, path);
    // The files are looked at every second: told so, it does not wait.
    webhook.child.kill("SIGHUP");
    memory.push(residentMegabytes(webhook.child.pid));
  }, 1_000);
  try {
    const askInTurn = async () => {
      while (counts.reviews < reviews) {
        const number = counts.reviews++;
        const one = cases[number % cases.length];
        const answer = await ask(webhook.url, agent, one.bodyOf(number)).catch(() => undefined);
        if (answer === undefined) counts.dropped++;
        else if (one.always !== undefined && answer.allowed !== one.always) counts.wrong++;
        else if (one.always === undefined) seen[answer.allowed ? "allowed" : "refused"] = true;
      }
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: connections }, askInTurn));
    const seconds = (performance.now() - started) / 1000;
    const third = Math.max(1, Math.floor(memory.length / 3));
    const first = peak(memory.slice(0, third));
    const last = peak(memory.slice(-third));
    const metrics = await ask(`${webhook.url}/metrics`, agent);
    return {
      reviews: counts.reviews,
      seconds: Math.round(seconds),
      wrong: counts.wrong,
      dropped: counts.dropped,
      reloads: counts.reloads,
      broken: counts.broken,
      failedReloads: Number(/reloads_total\{what="policies",result="failure"\} (\d+)/.exec(metrics.text)?.[1] ?? 0),
      bothPoliciesSeen: seen.allowed && seen.refused,
      megabytesFirstThird: first,
      megabytesLastThird: last,
    };
  } finally {
    clearInterval(reload);
    agent.destroy();
    await webhook.close();
    place.close();
  }
}

/** The largest of several. */
const peak = (numbers) => Math.max(0, ...numbers);

function ask(url, agent, body) {
  const target = new URL(body === undefined ? url : `${url}/validate`);
  const headers = body === undefined ? {} : { "content-type": "application/json", "content-length": body.length };
  return new Promise((resolve, reject) => {
    const sent = request(target, { method: body === undefined ? "GET" : "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        try {
          resolve(body === undefined ? { text } : { allowed: JSON.parse(text).response.allowed });
        } catch (error) {
          reject(error);
        }
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Of the process and those that it started; of Linux alone. */
function residentMegabytes(pid) {
  if (process.platform !== "linux") return 0;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const pids = [String(pid), ...children.filter((child) => child !== "")];
  const sizes = execFileSync("ps", ["-o", "rss=", "-p", pids.join(",")], { encoding: "utf8" });
  return Math.round(
    sizes
      .trim()
      .split(/\s+/)
      .reduce((sum, size) => sum + Number(size), 0) / 1024,
  );
}

const result = await soak(Number(process.argv[2] ?? 1_000_000));
console.table(result);
const { wrong, dropped, bothPoliciesSeen, failedReloads, megabytesFirstThird, megabytesLastThird } = result;
const isFlat = megabytesLastThird <= megabytesFirstThird * 1.2;
if (wrong > 0 || dropped > 0 || !bothPoliciesSeen || failedReloads === 0 || !isFlat) process.exitCode = 1;
