import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { controlPlane } from "../build.mjs";
import { apiClient } from "./api-client.mjs";
import { waitUntil } from "./wait-until.mjs";

/**
 * Starts a kube-apiserver, and waits until it is ready. Several may share one etcd, as those of a control plane of
 * several machines do.
 *
 * @param {{folder: string, certificates: string, ca: string, etcd: string, tokens: string, token: string,
 *   processes: {start: Function, assertRunning: () => void}}} cluster
 * @param {{name: string, port: number, flags?: Readonly<Record<string, string>>}} server `name`: of its log, different
 *   for each; `flags`: more of them, by their names.
 * @returns {Promise<{api: object, auditLog: string, kill: () => Promise<void>}>}
 */
export async function startApiServer(cluster, { name, port, flags = {} }) {
  const { folder, certificates, ca, token, processes } = cluster;
  const of = (file) => join(certificates, file);
  const auditPolicy = join(folder, "audit-policy.json");
  writeFileSync(auditPolicy, JSON.stringify(onlyMetadata));
  const auditLog = join(folder, `${name}.audit.log`);
  const all = {
    "etcd-servers": cluster.etcd,
    "bind-address": "127.0.0.1",
    "secure-port": port,
    "tls-cert-file": of("tls.crt"),
    "tls-private-key-file": of("tls.key"),
    "token-auth-file": cluster.tokens,
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
    ...flags,
  };
  const { kill } = processes.start({
    name,
    command: controlPlane,
    args: ["apiserver", ...Object.entries(all).map(([flag, value]) => `--${flag}=${value}`)],
    cwd: folder,
  });
  const api = apiClient({ port, ca, token });
  await waitUntil(
    "the API server to be ready",
    async () => {
      processes.assertRunning();
      // Nobody listens yet, at first.
      const answer = await api.send("GET", "/readyz").catch(() => undefined);
      return answer?.status === 200;
    },
    { seconds: 120 },
  );
  return { api, auditLog, kill };
}

const onlyMetadata = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [{ level: "Metadata", verbs: ["create", "update"] }, { level: "None" }],
};
