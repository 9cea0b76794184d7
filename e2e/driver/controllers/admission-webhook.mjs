import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { apply, documentOf, documentsOf, freePorts, remove } from "../cluster/index.mjs";
import { emittedFiles } from "../emitted.mjs";
import { jsonLines } from "./json-lines.mjs";
import { localArguments, startPolicyServer } from "./policy-server.mjs";

const target = "admission-webhook";

/** `registry-policy serve` as an admission webhook: one server of all policies, with the arguments of its Deployment. */
export const admissionWebhook = { title: "registry-policy serve", binaries: [], start, enforce, recorded };

async function start(cluster, policies) {
  const files = emittedFiles(policies, target);
  const documents = documentsOf(String(files.find(({ path }) => path === "server.yaml").content));
  // Nothing runs what it says, but the API server takes it.
  await apply(cluster, documents);
  const bundles = join(cluster.folder, "bundles");
  for (const { name } of policies) {
    const { content } = files.find(({ path }) => path === `${name}/bundle.tar.gz`);
    const file = join(bundles, `${name}.tar.gz`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const { spec } = parse(documents.find(({ kind }) => kind === "Deployment").text);
  const [port] = await freePorts(1);
  const folders = { "/policies/": bundles, "/tls/": cluster.certificates };
  const args = localArguments(spec.template.spec.containers[0].args, { port, folders });
  const { kill, restart } = await startPolicyServer(cluster, { args, port });
  return { port, kill, restart };
}

/** The configuration at the address of a local process instead of a service, with its authority. */
async function enforce(cluster, policy, server) {
  const file = emittedFiles([policy], target).find(({ path }) => path === `${policy.name}/webhook.yaml`);
  const documents = documentsOf(String(file.content)).map(({ text }) => {
    const configuration = parse(text);
    const webhooks = configuration.webhooks.map((webhook) => ({
      ...webhook,
      clientConfig: {
        url: `https://127.0.0.1:${server.port}${webhook.clientConfig.service.path}`,
        caBundle: Buffer.from(cluster.ca).toString("base64"),
      },
    }));
    return documentOf({ ...configuration, webhooks });
  });
  await apply(cluster, documents);
  return { cluster, end: () => remove(cluster, documents), server };
}

/** The names of the objects of which the API server's audit log has what the webhook recorded. */
async function recorded({ auditLog }, policy) {
  const events = jsonLines(readFileSync(auditLog, "utf8"));
  const key = `${policy}.registry-policy.dev/${policy}`;
  const violations = events.filter(({ annotations }) => annotations?.[key] !== undefined);
  return new Set(violations.map(({ objectRef }) => objectRef.name));
}
