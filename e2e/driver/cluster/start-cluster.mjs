import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../../../scripts/setup.mjs";
import { controlPlane } from "../build.mjs";
import { freePorts } from "./free-ports.mjs";
import { processGroup } from "./process-group.mjs";
import { resourcePaths } from "./resource-paths.mjs";
import { startApiServer } from "./start-api-server.mjs";

/**
 * Starts etcd and kube-apiserver on free ports of 127.0.0.1. Whoever has the token may do anything; nobody else may.
 *
 * @param {{folder: string, logs: string}} directories existing ones: for what the processes keep, and for their words.
 * @param {(cluster: {stop: () => Promise<void>}) => void} onStarting is told what to stop before anything is started.
 */
export async function startCluster({ folder, logs }, onStarting) {
  const processes = processGroup(logs);
  onStarting({ stop: () => processes.stop() });
  const [etcdPort, peerPort, port] = await freePorts(3);
  const certificates = join(folder, "certificates");
  mkdirSync(certificates);
  await command(controlPlane, ["certificates", certificates]);
  const ca = readFileSync(join(certificates, "ca.crt"), "utf8");
  const token = randomBytes(24).toString("hex");
  const tokens = join(folder, "tokens.csv");
  writeFileSync(tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });

  const etcd = `http://127.0.0.1:${etcdPort}`;
  processes.start({
    name: "etcd",
    command: controlPlane,
    args: ["etcd", join(folder, "etcd"), etcd, `http://127.0.0.1:${peerPort}`],
    cwd: folder,
  });
  const base = { folder, logs, certificates, ca, etcd, tokens, token, processes };
  const { api, auditLog } = await startApiServer(base, { name: "kube-apiserver", port });
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf({ port, ca, token })), { mode: 0o600 });
  const assertRunning = () => processes.assertRunning();
  return { ...base, api, paths: resourcePaths(api), kubeconfig, auditLog, assertRunning };
}

/** JSON is YAML. */
function kubeconfigOf({ port, ca, token }) {
  const authority = Buffer.from(ca).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "e2e",
    clusters: [
      { name: "e2e", cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority-data": authority } },
    ],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "e2e", context: { cluster: "e2e", user: "admin" } }],
  };
}
