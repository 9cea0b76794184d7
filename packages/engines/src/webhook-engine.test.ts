import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Review } from "@registry-policy/language";
import test, { type ExecutionContext } from "ava";
import { webhookEngine } from "./webhook-engine.js";

const review: Review = {
  request: {
    uid: "u-1",
    operation: "CREATE",
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: { group: "", version: "v1", resource: "pods" },
    namespace: "team-a",
    userInfo: {},
    object: {},
  },
  namespaceLabels: {},
};

async function listening(t: ExecutionContext, answer: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/validate`;
}

async function judged(t: ExecutionContext, answer: RequestListener, files: { name: string; content: string }[] = []) {
  const url = await listening(t, answer);
  const engine = webhookEngine(async () => ({ url, close: async () => {} }), "1");
  return (await engine.load(files)).judge([review]);
}

const typed = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview" };

const answers: Record<string, { response: object; verdict: string }> = {
  "an admission": { response: { uid: "u-1", allowed: true }, verdict: "allow" },
  "a refusal": { response: { uid: "u-1", allowed: false, status: { code: 403, message: "no" } }, verdict: "deny" },
  "a warning": { response: { uid: "u-1", allowed: true, warnings: ["w"] }, verdict: "warn" },
  "a record": { response: { uid: "u-1", allowed: true, auditAnnotations: { a: "b" } }, verdict: "audit" },
  "a refusal because it failed": {
    response: { uid: "u-1", allowed: false, status: { code: 500, message: "trap" } },
    verdict: "error",
  },
  "an admission of another request": { response: { uid: "u-2", allowed: true }, verdict: "error" },
  "an answer that says nothing": { response: { uid: "u-1" }, verdict: "error" },
  "an admission with a patch": { response: { uid: "u-1", allowed: true, patchType: "JSONPatch" }, verdict: "error" },
  "warnings that are a text": { response: { uid: "u-1", allowed: true, warnings: "w" }, verdict: "error" },
  "records that are no texts": {
    response: { uid: "u-1", allowed: true, auditAnnotations: { a: 1 } },
    verdict: "error",
  },
  "nothing to warn of": { response: { uid: "u-1", allowed: true, warnings: null, patch: "" }, verdict: "allow" },
  "an answer that is no boolean": { response: { uid: "u-1", allowed: "true" }, verdict: "error" },
};

for (const [name, { response, verdict }] of Object.entries(answers)) {
  test(`${name} is the verdict ${verdict}`, async (t) => {
    const [said] = await judged(t, (_, out) => out.end(JSON.stringify({ ...typed, response })));
    t.is(said?.verdict, verdict as never);
    t.is(said?.error !== undefined, verdict === "error");
  });
}

const admitted = JSON.stringify({ ...typed, response: { uid: "u-1", allowed: true } });

test("any status that the API server takes for a success is one", async (t) => {
  const [said] = await judged(t, (_, out) => out.writeHead(201).end(admitted));
  t.is(said?.verdict, "allow");
});

const failures: Record<string, RequestListener> = {
  "another status": (_, out) => out.writeHead(400).end(admitted),
  "an admission without a version": (_, out) => out.end(admitted.replace(typed.apiVersion, "")),
  "an admission of another version": (_, out) =>
    out.end(admitted.replace(typed.apiVersion, "admission.k8s.io/v1beta1")),
  "an admission that is no review": (_, out) => out.end(admitted.replace(typed.kind, "Status")),
  "an admission behind a byte order mark": (_, out) => out.end(`\ufeff${admitted}`),
  "no JSON": (_, out) => out.end("<html>"),
  "a closed connection": (_, out) => out.destroy(),
  "a redirect": (_, out) => out.writeHead(302, { location: "/other" }).end(),
  "an endless answer": (_, out) => out.end("x".repeat(4 * 1024 * 1024)),
};

for (const [name, answer] of Object.entries(failures)) {
  test(`${name} is an error, never an admission`, async (t) => {
    const [said] = await judged(t, answer);
    t.is(said?.verdict, "error");
    t.regex(said?.error ?? "", /^the webhook did not decide: /);
  });
}

test("a webhook that hangs is an error, and is not waited for again and again", async (t) => {
  let asked = 0;
  const url = await listening(t, (_, out) => {
    asked++;
    t.teardown(() => out.destroy());
  });
  const engine = webhookEngine(async () => ({ url, close: async () => {} }), "1", 500);
  const said = await (await engine.load([])).judge(new Array(100).fill(review));
  const why = (text: string) =>
    said.filter(({ verdict, error }) => verdict === "error" && error?.includes(text)).length;
  // Those that were on their way when the last of the sixteen was given up are waited for too.
  t.true(asked >= 16 && asked < 32);
  t.is(why("there was no answer in 0.5 s"), asked);
  t.is(why("is not asked again"), 100 - asked);
});

test("a namespace that the configuration does not select is not asked about", async (t) => {
  const content = `webhooks: [{namespaceSelector: {matchLabels: {env: prod}}}]`;
  const [said] = await judged(t, (_, out) => out.destroy(), [{ name: "p/webhook.yaml", content }]);
  t.is(said?.verdict, "out-of-scope");
});
