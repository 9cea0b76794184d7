import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kyverno as binary } from "../build.mjs";
import { freePorts } from "../cluster/free-ports.mjs";
import { apply, installedDocumentsOf } from "../cluster/index.mjs";
import { waitUntil } from "../cluster/wait-until.mjs";
import { moduleFolder } from "./module-folder.mjs";

const namespace = "kyverno";
const serviceAccount = (name) => `system:serviceaccount:${namespace}:kyverno-${name}`;

/** Kyverno's admission controller, installed from its own manifests and run as a local process. */
export const kyverno = { title: "Kyverno", binaries: [binary], start, recorded };

async function start(cluster) {
  const manifest = join(moduleFolder("github.com/kyverno/kyverno"), "config/install-latest-testing.yaml");
  await apply(cluster, installedDocumentsOf(readFileSync(manifest, "utf8")));
  await dropExclusions(cluster);
  const [webhookPort, metricsPort, runtimeMetricsPort, profilePort] = await freePorts(4);
  const tuf = join(cluster.folder, "tuf");
  mkdirSync(tuf);
  cluster.processes.start({
    name: "kyverno",
    command: binary,
    cwd: cluster.folder,
    args: [
      `--kubeconfig=${cluster.kubeconfig}`,
      // With it, the webhooks that Kyverno registers name an address instead of a service, which nothing would route.
      `--serverIP=127.0.0.1:${webhookPort}`,
      `--servicePort=${webhookPort}`,
      "--webhookServerHost=127.0.0.1",
      `--webhookServerPort=${webhookPort}`,
      "--caSecretName=kyverno-svc.kyverno.svc.kyverno-tls-ca",
      "--tlsSecretName=kyverno-svc.kyverno.svc.kyverno-tls-pair",
      `--backgroundServiceAccountName=${serviceAccount("background-controller")}`,
      `--reportsServiceAccountName=${serviceAccount("reports-controller")}`,
      "--disableMetrics=true",
      // The policies are to be judged here, not by the API server in Kyverno's place.
      "--generateValidatingAdmissionPolicy=false",
      "--admissionReports=false",
      "--metricsHost=127.0.0.1",
      `--metricsPort=${metricsPort}`,
      `--controllerRuntimeMetricsAddress=127.0.0.1:${runtimeMetricsPort}`,
      `--profilePort=${profilePort}`,
    ],
    env: {
      INIT_CONFIG: "kyverno",
      METRICS_CONFIG: "kyverno-metrics",
      KYVERNO_NAMESPACE: namespace,
      KYVERNO_POD_NAME: "kyverno-0",
      POD_IP: "127.0.0.1",
      KYVERNO_SERVICEACCOUNT_NAME: "kyverno-admission-controller",
      KYVERNO_ROLE_NAME: "kyverno:admission-controller",
      KYVERNO_SVC: "kyverno-svc",
      KYVERNO_DEPLOYMENT: "kyverno-admission-controller",
      TUF_ROOT: tuf,
    },
  });
  await waitUntil(
    "Kyverno to register its webhooks",
    async () => {
      cluster.assertRunning();
      const path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
      const { body } = await cluster.api.send("GET", path);
      return body.items?.some(({ metadata }) => metadata.name === "kyverno-policy-validating-webhook-cfg") ?? false;
    },
    { seconds: 180, everyMs: 500 },
  );
}

/**
 * As installed, Kyverno looks at no ReplicaSet, at nothing in kube-system and at no request of a node, whatever a
 * policy says. Here it is the policies that are looked at.
 */
async function dropExclusions(cluster) {
  const path = `/api/v1/namespaces/${namespace}/configmaps/kyverno`;
  const body = { data: { resourceFilters: null, excludeGroups: null, webhooks: null } };
  const { status, body: answer } = await cluster.api.send("PATCH", path, {
    body,
    type: "application/merge-patch+json",
  });
  if (status !== 200) throw new Error(`Kyverno's configuration cannot be changed: ${answer?.message ?? answer}`);
}

/** The names of the objects of which an event of Kyverno's says that they violate a policy. */
async function recorded({ api }, policy) {
  const { body } = await api.send("GET", "/apis/events.k8s.io/v1/events");
  const violations = body.items.filter(
    ({ reason, regarding }) => reason === "PolicyViolation" && regarding?.name === policy,
  );
  // `Pod team-a/web-1: [images] fail; …`
  return new Set(violations.flatMap(({ note }) => /^\S+ (?:[^/\s]+\/)?([^\s:]+): /.exec(note)?.[1] ?? []));
}
