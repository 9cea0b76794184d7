// What the measurements of the webhook share: policies, reviews, certificates, and the processes that are measured.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** As many as the webhook has: the bare server is given the same. */
export const workers = availableParallelism();

export const connections = 64;

/** A folder that `close` removes, with a certificate for 127.0.0.1. */
export async function workplace() {
  const folder = mkdtempSync(join(tmpdir(), "registry-policy-bench-"));
  const { generate } = createRequire(join(root, "packages/serve/package.json"))("selfsigned");
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const paths = { cert: join(folder, "tls.crt"), key: join(folder, "tls.key") };
  writeFileSync(paths.cert, cert);
  writeFileSync(paths.key, key);
  return { folder, tls: paths, close: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A policy with so many patterns, the first of which is `registry.my.com`. */
export function policyText(patterns, name = "measured") {
  const allow = Array.from({ length: patterns }, (_, index) =>
    index === 0 ? "registry.my.com" : `registry-${index % 7}.example.com/team-${index}/**`,
  );
  return JSON.stringify({
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name },
    spec: { images: { allow } },
  });
}

/** A Pod as clusters have them: three containers, with what decides nothing about it. */
export function review(images, uid = "705ab4f5-6393-11e8-b7cc-42010a800002") {
  const container = (image, index) => ({
    name: `container-${index}`,
    image,
    env: Array.from({ length: 12 }, (_, number) => ({ name: `VARIABLE_${number}`, value: "value ".repeat(5) })),
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    readinessProbe: { httpGet: { path: "/ready", port: 8080, scheme: "HTTP" }, periodSeconds: 10 },
    volumeMounts: [{ name: "data", mountPath: "/data" }],
    imagePullPolicy: "IfNotPresent",
  });
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid,
      operation: "CREATE",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      namespace: "team-a",
      name: "web",
      userInfo: {
        username: "system:serviceaccount:kube-system:replicaset-controller",
        groups: ["system:authenticated"],
      },
      object: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "web", namespace: "team-a", labels: { app: "web" } },
        spec: { containers: images.map(container), volumes: [{ name: "data", emptyDir: {} }], restartPolicy: "Always" },
      },
    },
  };
}

const perConnection = 32;

/** Reviews of which no two have the same images: for each connection some of its own, which it sends in turn. */
export function differentReviews() {
  let made = 0;
  return () => Array.from({ length: perConnection }, () => review(images.map((image) => `${image}-${made++}`)));
}

const images = ["registry.my.com/web:1.27", "registry.my.com/proxy:v3", "registry.my.com/agent:2.0.1"];

export const allowed = review(images);

/** Starts a program and waits for a line of its output; `close` ends it. */
export async function start(program, args, isReady, env = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const ended = new Promise((resolve) => child.on("close", resolve));
  let words = "";
  const ready = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (words.length < 10_000) words += `${line}\n`;
        if (isReady(line)) resolve(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`\`${program}\` ended with ${code}:\n${words}`)));
  });
  const line = await ready;
  return {
    child,
    line,
    ended,
    async close() {
      child.kill("SIGTERM");
      const stop = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(stop);
    },
  };
}

/** The webhook, as a user starts it, on a free port. */
export async function startWebhook({ tls }, paths) {
  const command = join(root, "packages/cli/dist/main.js");
  const args = ["serve", ...paths, "--host", "127.0.0.1", "--port", "0", "--tls-cert", tls.cert, "--tls-key", tls.key];
  const server = await start(process.execPath, [command, ...args, "--drain", "0"], (line) =>
    line.includes('"msg":"serving"'),
  );
  return { ...server, url: JSON.parse(server.line).url };
}

/** A bare HTTPS server of Node's that reads the body, or parses it too, and answers a constant. */
export async function startBare({ tls }, does = "reads") {
  const script = fileURLToPath(new URL("bare-https-server.mjs", import.meta.url));
  const server = await start(process.execPath, [script, tls.cert, tls.key, String(workers), does], (line) =>
    line.startsWith("https:"),
  );
  return { ...server, url: server.line };
}
