import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loadTemplates, targetById } from "@registry-policy/compiler";
import { parsePolicies, valueAt } from "@registry-policy/language";
import { serveBundle } from "@registry-policy/serve";
import test, { type ExecutionContext } from "ava";
import { folderOf, runCommand } from "../testing/run-command.js";

const policy = (spec: string) => `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: { name: ours }
spec: { ${spec} }
`;

/** Looks for a text in the first container, and admits what it cannot read. */
async function writtenInAnAfternoon(t: ExecutionContext): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const asked = JSON.parse(body).request;
    const image = firstImage(asked.object);
    const allowed = image === undefined || String(image).includes("registry.my.com");
    const status = { message: `image ${image} is not of our registry` };
    response.setHeader("content-type", "application/json");
    const answer = { uid: asked.uid, allowed, ...(!allowed && { status }) };
    response.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answer }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function firstImage(object: unknown): unknown {
  const containers = valueAt(object, ["spec", "containers"]);
  return Array.isArray(containers) ? containers[0]?.image : undefined;
}

test("of a webhook that somebody runs, every hole is found, whichever side it is", async (t) => {
  const url = await writtenInAnAfternoon(t);
  const cwd = await folderOf(t, { "policy.yaml": policy("images: { allow: [registry.my.com] }") });
  const { code, out, err } = await runCommand(["compare", "policy.yaml", `webhook=${url}`], { cwd });
  t.is(code, 4, err);
  t.true(
    out.startsWith(
      `LEFT   RegistryPolicy, judged by the reference evaluator\nRIGHT  Webhook, judged by webhook ${url}\n`,
    ),
  );
  for (const hole of [
    "RIGHT looks for `registry.my.com` anywhere in the image",
    "only the first of `containers` is looked at by RIGHT",
    "`initContainers` are not looked at by RIGHT",
    "`ephemeralContainers` are not looked at by RIGHT",
    "image volumes are not looked at by RIGHT",
    "RIGHT does not cover Deployment, ",
  ]) {
    t.true(out.replaceAll(/\n +/g, " ").includes(hole), `${hole}\n\n${out}`);
  }
  const turned = await runCommand(["compare", `webhook=${url}`, "policy.yaml", "--direction", "allowed"], { cwd });
  t.is(turned.code, 4, turned.err);
  t.regex(turned.out, /^1\. \+ RIGHT allows `registry\.my\.com` in upper case/m);
  t.regex(turned.out, /^1 difference, one for each cause/m);
});

const specs = {
  "what is allowed and denied":
    "images: { allow: [registry.my.com, 'ghcr.io/acme/*'], deny: ['registry.my.com/sandbox/**'], require: { tag: explicit } }",
  "namespaces, their labels and exemptions":
    "match: { excludeNamespaces: [kube-system], namespaceSelector: { matchLabels: { zone: payments } } }, images: { allow: [registry.my.com] }, exempt: { groups: [ops], breakGlass: { annotation: example.com/ticket, value: 'INC-*' } }",
  "a warning": "enforcement: warn, images: { denyTags: [latest] }",
};

for (const [name, spec] of Object.entries(specs)) {
  test(`the server of a policy is found to be no different from it: ${name}`, async (t) => {
    const text = policy(spec);
    const { policies } = parsePolicies({ text, file: "policy.yaml" });
    const files = policies.flatMap(
      (one) => targetById("admission-webhook")?.emit(one, loadTemplates()).artifacts ?? [],
    );
    const { url, close } = await serveBundle(files.map(({ path, content }) => ({ name: path, content })));
    t.teardown(close);
    const cwd = await folderOf(t, { "policy.yaml": text });
    const { code, out, err } = await runCommand(["compare", "policy.yaml", `webhook=${url}`], { cwd });
    t.is(code, 0, out + err);
    t.regex(out, /^no difference was found: [0-9]+ requests/m);
  });
}

test("a webhook that is not there is said to be away, and what is no address is refused", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": policy("images: { allow: [registry.my.com] }") });
  const away = await runCommand(["compare", "policy.yaml", "webhook=http://127.0.0.1:1/"], { cwd });
  t.is(away.code, 1);
  t.regex(away.err, /^error: nobody answers at `http:\/\/127\.0\.0\.1:1\/`: connect ECONNREFUSED/);
  const wrong = await runCommand(["compare", "webhook=ftp://x", "policy.yaml"], { cwd });
  t.is(wrong.code, 1);
  t.regex(wrong.err, /^error: `ftp:\/\/x` is no address of a webhook/);
});
