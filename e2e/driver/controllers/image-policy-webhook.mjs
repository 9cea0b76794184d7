import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { freePorts, startApiServer } from "../cluster/index.mjs";
import { emittedFiles } from "../emitted.mjs";
import { jsonLines } from "./json-lines.mjs";
import { localArguments, startPolicyServer } from "./policy-server.mjs";

const target = "image-policy-webhook";

/** Where the emitted files say that they are, and where the server is. */
const installed = "/etc/kubernetes/registry-policy";
const installedServer = "https://127.0.0.1:8444/";

/**
 * `registry-policy serve` behind kube-apiserver's ImagePolicyWebhook.
 *
 * What is emitted are files and flags, so each policy gets an API server of its own beside the one that is there, on
 * the same etcd: it keeps an answer for 50 seconds, which would else be one of the policy before.
 */
export const imagePolicyWebhook = {
  title: "nothing more",
  binaries: [],
  start: async () => {},
  enforce,
  recorded,
  seen,
  // An ImageReview has no warnings: they are recorded.
  outcomes: { warn: "recorded" },
};

async function enforce(cluster, policy) {
  const [webhookPort, apiPort] = await freePorts(2);
  const folder = join(cluster.folder, policy.name);
  const addressed = (text) =>
    text.replaceAll(installed, folder).replaceAll(installedServer, `https://127.0.0.1:${webhookPort}/`);
  cpSync(cluster.certificates, folder, { recursive: true });
  for (const { path, content } of emittedFiles([policy], target)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? addressed(content) : content);
  }
  const textOf = (name) => readFileSync(join(folder, name), "utf8");
  const { args } = parse(textOf("server.yaml")).spec.containers[0];
  const local = localArguments(args, { port: webhookPort, folders: { "/policies/": folder } });
  const server = await startPolicyServer(cluster, { args: local, port: webhookPort });
  const { api, auditLog, kill } = await startApiServer(cluster, {
    name: `kube-apiserver-${policy.name}`,
    port: apiPort,
    flags: flagsOf(parse(textOf("kube-apiserver+json.yaml"))),
  });
  return {
    cluster: { ...cluster, api, auditLog },
    server,
    async end() {
      api.close();
      await kill();
      await server.kill();
    },
  };
}

/** The flags that a patch of kubeadm's adds to the command. */
function flagsOf(patch) {
  const added = patch.filter(({ op, path }) => op === "add" && path === "/spec/containers/0/command/-");
  return Object.fromEntries(added.map(({ value }) => /^--([^=]+)=(.*)$/.exec(value).slice(1)));
}

const prefix = "imagepolicywebhook.image-policy.k8s.io/";

/** The names of the objects of which the API server's audit log has what the webhook recorded or warned of. */
async function recorded({ auditLog }, policy) {
  const events = jsonLines(readFileSync(auditLog, "utf8"));
  const violations = events.filter(({ annotations }) =>
    [policy, "warnings"].some((key) => annotations?.[`${prefix}${key}`] !== undefined),
  );
  return new Set(violations.map(({ objectRef }) => objectRef.name));
}

/**
 * What an ImageReview carries of a request, as the creation of a Pod (plugin/pkg/admission/imagepolicy/admission.go of
 * k8s.io/kubernetes): of an update of the debug containers, these alone.
 */
function seen({ request }) {
  const { operation, resource, subResource = "", object, namespace } = request;
  const isAsked = ["CREATE", "UPDATE"].includes(operation) && ["", "ephemeralcontainers"].includes(subResource);
  if (!isAsked || resource.group !== "" || resource.resource !== "pods") {
    return "an ImageReview is about the making and changing of Pods";
  }
  const { containers = [], initContainers = [], ephemeralContainers = [] } = object.spec;
  const annotations = Object.entries(object.metadata.annotations ?? {});
  return {
    namespaceLabels: null,
    request: {
      uid: request.uid,
      operation: "CREATE",
      kind: request.kind,
      resource,
      namespace,
      userInfo: {},
      object: {
        metadata: {
          annotations: Object.fromEntries(annotations.filter(([key]) => key.includes(".image-policy.k8s.io/"))),
        },
        spec: { containers: subResource === "" ? [...containers, ...initContainers] : ephemeralContainers },
      },
    },
  };
}
