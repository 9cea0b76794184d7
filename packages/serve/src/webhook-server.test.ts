import { connect } from "node:net";
import { openWasm } from "@registry-policy/engines";
import test from "ava";
import { selfSigned } from "./certificates.test.data.js";
import { imageReview, podReview, sourceOf, trusted } from "./policies.test.data.js";
import { runningServer } from "./running-server.test.data.js";
import { openPolicies, type ServedPolicies } from "./served-policies.js";
import { maximumBody } from "./server-options.js";

const review = podReview(["registry.my.com/web:1"]);
const uid = review.request.uid;

test("an image that the policy allows is admitted, with the uid of the request", async (t) => {
  const { post } = await runningServer(t, [sourceOf(trusted)]);
  const { status, body } = await post("/validate", review);
  t.is(status, 200);
  t.deepEqual(body, {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: { uid, allowed: true },
  });
});

test("an image that is not listed is refused with what a developer can act on, and a line of the log", async (t) => {
  const { post, lines } = await runningServer(t, [sourceOf(trusted)]);
  const { status, body } = await post("/validate", podReview(["registry.my.com/web:1", "evil.io/x"]));
  t.is(status, 200);
  const { response } = body;
  t.is(response.uid, uid);
  t.false(response.allowed);
  t.is(response.status.code, 403);
  t.is(
    response.status.message,
    'container image "evil.io/x" in spec.containers[1].image is not in the allow list of policy trusted: it is pulled as evil.io/x:latest',
  );
  t.deepEqual(response.status.details.causes, [
    { reason: "unlisted", field: "spec.containers[1].image", message: response.status.message },
  ]);
  const refusals = lines.filter(({ msg }) => msg === "refused");
  t.is(refusals.length, 1);
  t.like(refusals[0], { uid, policy: "trusted", namespace: "team-a", name: "web", user: "alice", kind: "Pod" });
  t.deepEqual(refusals[0]?.why, [{ image: "evil.io/x", field: "spec.containers[1].image", reason: "unlisted" }]);
});

test("a policy that warns admits with warnings, one that records with audit annotations", async (t) => {
  const { post } = await runningServer(t, [
    sourceOf(`enforcement: warn, ${trusted}`, "warns"),
    sourceOf(`enforcement: audit, ${trusted}`, "records"),
  ]);
  const { response } = (await post("/validate", podReview(["evil.io/x"]))).body;
  t.true(response.allowed);
  t.is(response.warnings.length, 1);
  t.regex(response.warnings[0], /policy warns/);
  t.deepEqual(Object.keys(response.auditAnnotations), ["records"]);
  t.regex(response.auditAnnotations.records, /evil\.io\/x/);
  t.is(response.status, undefined);
});

test("one policy that refuses is enough, and what the others warn of is still said", async (t) => {
  const { post } = await runningServer(t, [
    sourceOf(`enforcement: warn, ${trusted}`, "warns"),
    sourceOf(trusted, "refuses"),
  ]);
  const { response } = (await post("/validate", podReview(["evil.io/x"]))).body;
  t.false(response.allowed);
  t.is(response.warnings.length, 1);
  t.notRegex(response.status.message, /policy warns/);
});

test("a path with a policy's name asks that policy alone, and none that is not served", async (t) => {
  const { post } = await runningServer(t, [sourceOf(trusted), sourceOf("images: {allow: [evil.io]}", "other")]);
  t.true((await post("/validate/other", podReview(["evil.io/x"]))).body.response.allowed);
  t.false((await post("/validate/trusted", podReview(["evil.io/x"]))).body.response.allowed);
  const gone = (await post("/validate/gone", review)).body.response;
  t.false(gone.allowed);
  t.is(gone.uid, uid);
  t.regex(gone.status.message, /serves no policy gone/);
});

test("a review of images is judged as a Pod in its namespace, annotations that break the glass included", async (t) => {
  const { post } = await runningServer(t, [
    sourceOf(
      `match: {excludeNamespaces: [kube-system]}, ${trusted}, exempt: {breakGlass: {annotation: my.image-policy.k8s.io/ticket, value: "INC-*"}}`,
    ),
  ]);
  const status = async (body: object) => (await post("/image-review", body)).body.status;
  t.deepEqual(await status(imageReview(["registry.my.com/a"])), { allowed: true });
  const refused = await status(imageReview(["registry.my.com/a", "evil.io/x"]));
  t.false(refused.allowed);
  t.regex(refused.reason, /"evil\.io\/x" in spec\.containers\[1\]\.image/);
  t.true((await status(imageReview(["evil.io/x"], { namespace: "kube-system" }))).allowed);
  const ticket = (value: string) => ({ annotations: { "my.image-policy.k8s.io/ticket": value } });
  t.true((await status(imageReview(["evil.io/x"], ticket("INC-1")))).allowed);
  t.false((await status(imageReview(["evil.io/x"], ticket("please")))).allowed);
});

test("a review of images of a policy that warns or records is admitted with audit annotations", async (t) => {
  const { post } = await runningServer(t, [
    sourceOf(`enforcement: warn, ${trusted}`, "warns"),
    sourceOf(`enforcement: audit, ${trusted}`, "records"),
  ]);
  const { status } = (await post("/image-review", imageReview(["evil.io/x"]))).body;
  t.true(status.allowed);
  t.deepEqual(Object.keys(status.auditAnnotations).sort(), ["records", "warnings"]);
});

const badBodies: Record<string, string | Uint8Array> = {
  "no body": "",
  "what is not JSON": "{",
  "what is not UTF-8": new Uint8Array([0x22, 0xff, 0x22]),
  null: "null",
  "a list": "[]",
  "no review": JSON.stringify({ kind: "Pod", apiVersion: "v1" }),
  "another version": JSON.stringify({ ...review, apiVersion: "admission.k8s.io/v1beta1" }),
  "no version": JSON.stringify({ ...review, apiVersion: undefined }),
  "no request": JSON.stringify({ ...review, request: undefined }),
  "a request without a uid": JSON.stringify({ ...review, request: { ...review.request, uid: undefined } }),
  "a review of images of another version": JSON.stringify({ ...imageReview(["a"]), apiVersion: "imagepolicy/v1" }),
  "a review of images without containers": JSON.stringify(imageReview([])),
  "a list nested deeper than any stack": "[".repeat(1_000_000),
};

for (const [name, body] of Object.entries(badBodies)) {
  test(`${name} is refused with a status that is no success`, async (t) => {
    const { post, metrics } = await runningServer(t, [sourceOf(trusted)]);
    for (const path of ["/validate", "/image-review"]) {
      const answer = await post(path, body);
      t.is(answer.status, 400);
      t.is(typeof answer.body.error, "string");
      t.is(answer.body.response, undefined);
    }
    t.regex(await metrics(), /registry_policy_errors_total\{kind="(body|review)"\} 2/);
  });
}

const badRequests: Record<string, object> = {
  "an unknown operation": { operation: "create" },
  "no operation": { operation: undefined },
  "no kind": { kind: undefined },
  "a kind without a group": { kind: { version: "v1", kind: "Pod" } },
  "a sub-resource that is no text": { subResource: ["ephemeralcontainers"] },
  "a namespace that is no text": { namespace: null },
  "a user that is no text": { userInfo: { username: ["system:admin"] } },
  "groups that are no texts": { userInfo: { groups: [{}] } },
  "user information that is none": { userInfo: "alice" },
  "more containers than can be judged in time": {
    object: { spec: { containers: Array.from({ length: 2_001 }, () => ({ image: "registry.my.com/a" })) } },
  },
};

for (const [name, parts] of Object.entries(badRequests)) {
  test(`a request with ${name} is answered with its uid, and refused`, async (t) => {
    const { post } = await runningServer(t, [sourceOf(trusted)]);
    const { status, body } = await post("/validate", podReview(["registry.my.com/a"], parts));
    t.is(status, 200);
    t.is(body.response.uid, uid);
    t.false(body.response.allowed);
    t.regex(body.response.status.message, /cannot be judged/);
  });
}

test("objects that are no objects are refused by the policy itself", async (t) => {
  const { post } = await runningServer(t, [sourceOf(trusted)]);
  for (const object of [undefined, null, 5, "pod", [], {}, { spec: [] }, { spec: { containers: {} } }]) {
    const { response } = (await post("/validate", podReview([], { object }))).body;
    t.false(response.allowed, JSON.stringify(object));
  }
});

test("an image that is no Unicode is refused: OPA cannot read it", async (t) => {
  const { post } = await runningServer(t, [sourceOf(trusted)]);
  t.false((await post("/validate", podReview(["\ud800"]))).body.response.allowed);
});

test("a body of more than 3 MiB is refused unread, and one of less is judged", async (t) => {
  const { post } = await runningServer(t, [sourceOf(trusted)]);
  const padded = (length: number) => {
    const text = JSON.stringify(review);
    return `${text.slice(0, -1)},"padding":"${"x".repeat(length - text.length - 13)}"}`;
  };
  t.is(padded(maximumBody).length, maximumBody);
  t.true((await post("/validate", padded(maximumBody))).body.response.allowed);
  const larger = await post("/validate", padded(maximumBody + 1));
  t.is(larger.status, 413);
});

test("another content type, method or path is refused", async (t) => {
  const { url, lines, metrics } = await runningServer(t, [sourceOf(trusted)]);
  const body = JSON.stringify(review);
  t.is(
    (await fetch(`${url}/validate`, { method: "POST", headers: { "content-type": "text/plain" }, body })).status,
    415,
  );
  t.is((await fetch(`${url}/validate`)).status, 404);
  t.is((await fetch(`${url}/`, { method: "POST", body })).status, 404);
  t.like(lines.at(-1), { path: "/", status: 404, why: "there is no `POST /`", msg: "a request was refused unjudged" });
  t.regex(await metrics(), /registry_policy_errors_total\{kind="path"\} 2\n/);
});

/** What a client gets that sends these bytes, and then nothing or the end. */
function raw(port: number, bytes: string, end: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => (end ? socket.end(bytes) : socket.write(bytes)));
    let received = "";
    socket.setEncoding("utf8").on("data", (text) => {
      received += text;
    });
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
}

const half = `POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"kind":`;

test("a truncated body gets no review, and the server goes on", async (t) => {
  const { port, post, lines } = await runningServer(t, [sourceOf(trusted)]);
  t.notRegex(await raw(port, half, true), /^HTTP\/1\.1 2/);
  t.is(lines.at(-1)?.why, "the body did not arrive as a whole, or not in time");
  t.true((await post("/validate", review)).body.response.allowed);
});

test("a body that does not arrive in time is given up", async (t) => {
  const { port } = await runningServer(t, [sourceOf(trusted)], { deadline: 300 });
  t.regex(await raw(port, half, false), /^HTTP\/1\.1 408 /);
});

test("a client that does not begin with TLS in time is given up, and ends no server late", async (t) => {
  const { cert, key } = await selfSigned("server");
  const tls = { cert: Buffer.from(cert), key: Buffer.from(key) };
  const { port } = await runningServer(t, [sourceOf(trusted)], { deadline: 300, tls });
  t.is(await raw(port, "", false), "");
});

test("a hostile review of many images fits in one write of the log", async (t) => {
  const { post, lines } = await runningServer(t, [sourceOf(trusted)]);
  const hostile = "\u0001".repeat(20_000);
  const userInfo = { username: hostile };
  const images = Array.from({ length: 20 }, () => hostile);
  await post("/validate", podReview(images, { name: hostile, namespace: hostile, subResource: "", userInfo }));
  t.is(lines.length, 1);
  t.true(Buffer.byteLength(JSON.stringify(lines[0])) < 4_096);
});

test("a request that is judged after the time that the API server waits is refused", async (t) => {
  const { post, metrics } = await runningServer(t, [sourceOf(trusted)]);
  t.true((await post("/validate?timeout=10s", review)).body.response.allowed);
  const { response } = (await post("/validate?timeout=0s", review)).body;
  t.false(response.allowed);
  t.regex(response.status.message, /not judged before its deadline/);
  t.regex(await metrics(), /registry_policy_errors_total\{kind="deadline"\} 1/);
});

test("a policy whose wasm traps refuses, whatever its enforcement, and judges the next request", async (t) => {
  let isTrapping = false;
  const policies = openPolicies([sourceOf(`enforcement: warn, ${trusted}`)], (...args) => {
    const wasm = openWasm(...args);
    return {
      evaluate(input) {
        if (isTrapping) throw new Error("unreachable");
        return wasm.evaluate(input);
      },
    };
  });
  const { post, lines } = await runningServer(t, policies);
  isTrapping = true;
  const { response } = (await post("/validate", review)).body;
  t.false(response.allowed);
  t.is(response.status.code, 500);
  t.regex(response.status.message, /policy trusted could not judge the request: OPA stopped: unreachable/);
  t.is(lines.length, 1);
  isTrapping = false;
  t.true((await post("/validate", review)).body.response.allowed);
});

test("a failure of the server's own is a status 500, and its words stay in the log", async (t) => {
  const policies = openPolicies([sourceOf(trusted)]);
  const failing = {
    ...policies,
    judge: () => {
      throw new Error("a secret");
    },
  };
  const { post, lines } = await runningServer(t, failing);
  const { status, body } = await post("/validate", review);
  t.is(status, 500);
  t.notRegex(JSON.stringify(body), /secret/);
  t.regex(JSON.stringify(lines), /a secret/);
});

test("of requests that come in together, each has its own answer, whatever becomes of the others", async (t) => {
  const policies = openPolicies([sourceOf(trusted)]);
  const failing: ServedPolicies = {
    ...policies,
    judge(request, ...rest) {
      // What is no error fails the request as well.
      if (request.name === "fails") throw "a secret";
      return policies.judge(request, ...rest);
    },
  };
  const { post } = await runningServer(t, failing);
  const named = (name: string, images: readonly string[]) => {
    const { request, ...rest } = podReview(images);
    return { ...rest, request: { ...request, uid: name, name } };
  };
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, index) => [
      post("/validate", named(`good-${index}`, [`registry.my.com/web:${index}`])),
      post("/validate", named("fails", ["registry.my.com/web"])),
      post("/validate", "{"),
      post("/validate", named(`bad-${index}`, [`evil.io/x:${index}`])),
    ]).flat(),
  );
  t.deepEqual(
    all.map(({ status, body }) => [status, body.response?.uid, body.response?.allowed]),
    Array.from({ length: 20 }, (_, index) => [
      [200, `good-${index}`, true],
      [500, undefined, undefined],
      [400, undefined, undefined],
      [200, `bad-${index}`, false],
    ]).flat(),
  );
});

test("policies are exchanged between two requests", async (t) => {
  const { post, replace } = await runningServer(t, [sourceOf(trusted)]);
  t.true((await post("/validate", review)).body.response.allowed);
  replace(openPolicies([sourceOf("images: {allow: [other.io]}")]));
  t.false((await post("/validate", review)).body.response.allowed);
});

test("what policies do not apply to costs no evaluation, and is admitted", async (t) => {
  const policies = openPolicies(
    [sourceOf(`match: {kinds: [Deployment], namespaces: [prod]}, ${trusted}`)],
    (...args) => {
      const wasm = openWasm(...args);
      let evaluations = 0;
      return {
        evaluate(input) {
          // The first is the probe of a policy that is loaded.
          if (evaluations++ > 0) throw new Error("evaluated");
          return wasm.evaluate(input);
        },
      };
    },
  );
  const { post, metrics } = await runningServer(t, policies);
  const kind = { group: "apps", version: "v1", kind: "Deployment" };
  const others = [
    {},
    { kind, namespace: "dev" },
    { kind: { ...kind, group: "other.io" }, namespace: "prod" },
    { kind, namespace: "prod", operation: "DELETE" },
    { kind, namespace: "prod", subResource: "scale" },
  ];
  for (const parts of others) t.true((await post("/validate", podReview(["evil.io/x"], parts))).body.response.allowed);
  t.false((await post("/validate", podReview([], { kind, namespace: "prod" }))).body.response.allowed);
  t.regex(await metrics(), /registry_policy_errors_total\{kind="policy"\} 1/);
});

test("metrics that alerts are made of are there from the beginning", async (t) => {
  const { metrics } = await runningServer(t, [sourceOf(trusted)]);
  t.regex(await metrics(), /registry_policy_errors_total\{kind="internal"\} 0\n/);
});

test("metrics count decisions by policy and verdict, and time requests", async (t) => {
  const { post, url } = await runningServer(t, [sourceOf(trusted)]);
  await post("/validate", review);
  await post("/validate", podReview(["evil.io/x"]));
  await post("/image-review", imageReview(["evil.io/x"]));
  const response = await fetch(`${url}/metrics`);
  t.regex(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  t.regex(text, /registry_policy_decisions_total\{endpoint="validate",policy="trusted",verdict="allow"\} 1\n/);
  t.regex(text, /registry_policy_decisions_total\{endpoint="validate",policy="trusted",verdict="deny"\} 1\n/);
  t.regex(text, /registry_policy_decisions_total\{endpoint="image-review",policy="trusted",verdict="deny"\} 1\n/);
  t.regex(text, /registry_policy_request_duration_seconds_count\{endpoint="validate"\} 2\n/);
});

test("a server that drains is not ready, answers what comes in, and ends connections", async (t) => {
  const { url, server, post } = await runningServer(t, [sourceOf(trusted)]);
  t.is((await fetch(`${url}/healthz`)).status, 200);
  t.deepEqual(await (await fetch(`${url}/readyz`)).json(), { ready: true, policies: ["trusted"], stale: [] });
  server.drain();
  const ready = await fetch(`${url}/readyz`);
  t.is(ready.status, 503);
  t.is(ready.headers.get("connection"), "close");
  t.is((await fetch(`${url}/healthz`)).status, 200);
  t.true((await post("/validate", review)).body.response.allowed);
});

test("a server that closes answers what it has begun to read", async (t) => {
  const { port, server } = await runningServer(t, [sourceOf(trusted)]);
  const body = JSON.stringify(review);
  const socket = connect(port, "127.0.0.1");
  let received = "";
  const closed = new Promise((resolve, reject) => socket.on("close", resolve).on("error", reject));
  // The server says that it has read the head.
  const begun = new Promise<void>((resolve) => {
    socket.setEncoding("utf8").on("data", (text) => {
      received += text;
      if (received.startsWith("HTTP/1.1 100 ")) resolve();
    });
  });
  socket.write(
    `POST /validate HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  await begun;
  const closing = server.close();
  socket.write(body);
  await Promise.all([closed, closing]);
  t.regex(received, /HTTP\/1\.1 200 /);
  t.regex(received, /"allowed":true/);
});
