import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { gatekeeper as binary } from "../build.mjs";
import { freePorts } from "../cluster/free-ports.mjs";
import { apply, documentOf, installedDocumentsOf } from "../cluster/index.mjs";
import { waitUntil } from "../cluster/wait-until.mjs";
import { jsonLines } from "./json-lines.mjs";
import { moduleFolder } from "./module-folder.mjs";

const namespace = "gatekeeper-system";
const podName = "gatekeeper-0";

/** Gatekeeper's manager, installed from its own manifests and run as a local process. */
export const gatekeeper = { title: "Gatekeeper", binaries: [binary], start, recorded };

async function start(cluster) {
  const manifest = join(moduleFolder("github.com/open-policy-agent/gatekeeper/v3"), "deploy/gatekeeper.yaml");
  const documents = installedDocumentsOf(readFileSync(manifest, "utf8"));
  const isWebhook = ({ kind }) => /WebhookConfiguration$/.test(kind);
  await apply(cluster, [...documents.filter((document) => !isWebhook(document)), documentOf(pod)]);

  const [port, healthPort, metricsPort] = await freePorts(3);
  const certificates = join(cluster.folder, "gatekeeper");
  mkdirSync(certificates);
  for (const name of ["ca.crt", "tls.crt", "tls.key"]) {
    copyFileSync(join(cluster.certificates, name), join(certificates, name));
  }
  cluster.processes.start({
    name: "gatekeeper",
    command: binary,
    cwd: cluster.folder,
    args: [
      "--host=127.0.0.1",
      `--port=${port}`,
      `--cert-dir=${certificates}`,
      "--disable-cert-rotation",
      "--operation=webhook",
      "--operation=status",
      // Without it, no template becomes the kind of its constraints.
      "--operation=generate",
      "--logtostderr",
      "--log-denies",
      `--exempt-namespace=${namespace}`,
      "--disable-opa-builtin={http.send}",
      `--health-addr=127.0.0.1:${healthPort}`,
      // The exporter that it has otherwise listens on every address of the machine. Nobody is told anything by this one.
      "--metrics-backend=opentelemetry",
      `--otlp-endpoint=127.0.0.1:${metricsPort}`,
      "--otlp-metric-interval=24h",
    ],
    env: {
      POD_NAMESPACE: namespace,
      NAMESPACE: namespace,
      POD_NAME: podName,
      CONTAINER_NAME: "manager",
      KUBECONFIG: cluster.kubeconfig,
    },
  });
  await waitUntil(
    "Gatekeeper to be ready",
    async () => {
      cluster.assertRunning();
      // Nobody listens yet, at first.
      const answer = await fetch(`http://127.0.0.1:${healthPort}/readyz`).catch(() => undefined);
      return answer?.ok === true;
    },
    { seconds: 180, everyMs: 500 },
  );
  const webhooks = documents.filter(({ kind }) => kind === "ValidatingWebhookConfiguration");
  await apply(
    cluster,
    webhooks.map(({ text }) => documentOf(reachable(parse(text), { port, ca: cluster.ca }))),
  );
}

/** Gatekeeper keeps its templates' state under its Pod's name, and waits for a Pod of that name to be there. */
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: podName, namespace },
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "manager",
        image: "example.invalid/nothing-runs-here",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  },
};

/**
 * The webhooks at the address of a local process instead of a service. And as installed, the API server admits what
 * Gatekeeper has not judged in three seconds: a slow machine would look like a gap in a policy.
 */
function reachable(configuration, { port, ca }) {
  const caBundle = Buffer.from(ca).toString("base64");
  const webhooks = configuration.webhooks.map((webhook) => ({
    ...webhook,
    clientConfig: { url: `https://127.0.0.1:${port}${webhook.clientConfig.service.path}`, caBundle },
    failurePolicy: "Fail",
    timeoutSeconds: 30,
  }));
  return { ...configuration, webhooks };
}

/** The names of the objects of which Gatekeeper's log says that they violate a constraint. */
async function recorded({ logs }, policy) {
  const lines = jsonLines(readFileSync(join(logs, "gatekeeper.log"), "utf8"));
  const violations = lines.filter((line) => line.event_type === "violation" && line.constraint_name === policy);
  return new Set(violations.map((line) => line.resource_name));
}
