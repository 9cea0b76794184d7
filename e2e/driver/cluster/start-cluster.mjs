import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../../../scripts/setup.mjs";
import { controlPlane } from "../build.mjs";
import { apiClient } from "./api-client.mjs";
import { freePorts } from "./free-ports.mjs";
import { processGroup } from "./process-group.mjs";
import { resourcePaths } from "./resource-paths.mjs";
import { waitUntil } from "./wait-until.mjs";

/**
 * Starts etcd and kube-apiserver on free ports of 127.0.0.1. Whoever has the token may do anything; nobody else may.
 *
 * @param {{folder: string, logs: string}} directories existing ones: for what the processes keep, and for their words.
 * @param {(cluster: {stop: () => Promise<void>}) => void} onStarting is told what to stop before anything is started.
 */
export async function startCluster({ folder, logs }, onStarting) {
  const processes = processGroup(logs);
  onStarting({ stop: () => processes.stop() });
  const [etcdPort, peerPort, apiPort] = await freePorts(3);
  const certificates = join(folder, "certificates");
  mkdirSync(certificates);
  await command(controlPlane, ["certificates", certificates]);
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
  const of = (name) => join(certificates, name);
  const auditPolicy = join(folder, "audit-policy.json");
  writeFileSync(auditPolicy, JSON.stringify(onlyMetadata));
  const auditLog = join(folder, "audit.log");
  const flags = {
    "etcd-servers": etcd,
    "bind-address": "127.0.0.1",
    "secure-port": apiPort,
    "tls-cert-file": of("tls.crt"),
    "tls-private-key-file": of("tls.key"),
    "token-auth-file": tokens,
    "anonymous-auth": false,
    // Whom a fixture names has no rights of its own, and what it may do is not what is looked at.
    "authorization-mode": "AlwaysAllow",
    "service-account-issuer": "https://kubernetes.default.svc",
    "service-account-key-file": of("sa.pub"),
    "service-account-signing-key-file": of("sa.key"),
    "service-cluster-ip-range": "10.0.0.0/24",
    "endpoint-reconciler-type": "none",
    // Where a ValidatingAdmissionPolicy that only audits says what it found.
    "audit-policy-file": auditPolicy,
    "audit-log-path": auditLog,
    // No controller makes the service account that it would ask for.
    "disable-admission-plugins": "ServiceAccount",
  };
  processes.start({
    name: "kube-apiserver",
    command: controlPlane,
    args: ["apiserver", ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
    cwd: folder,
  });

  const ca = readFileSync(of("ca.crt"), "utf8");
  const api = apiClient({ port: apiPort, ca, token });
  const assertRunning = () => processes.assertRunning();
  await waitUntil(
    "the API server to be ready",
    async () => {
      assertRunning();
      // Nobody listens yet, at first.
      const answer = await api.send("GET", "/readyz").catch(() => undefined);
      return answer?.status === 200;
    },
    { seconds: 120 },
  );
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf({ apiPort, ca, token })), { mode: 0o600 });
  return {
    api,
    paths: resourcePaths(api),
    kubeconfig,
    certificates,
    ca,
    folder,
    logs,
    auditLog,
    processes,
    assertRunning,
  };
}

const onlyMetadata = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [{ level: "Metadata", verbs: ["create", "update"] }, { level: "None" }],
};

/** JSON is YAML. */
function kubeconfigOf({ apiPort, ca, token }) {
  const authority = Buffer.from(ca).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "e2e",
    clusters: [
      { name: "e2e", cluster: { server: `https://127.0.0.1:${apiPort}`, "certificate-authority-data": authority } },
    ],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "e2e", context: { cluster: "e2e", user: "admin" } }],
  };
}
