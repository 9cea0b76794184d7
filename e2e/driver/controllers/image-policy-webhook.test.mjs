import test from "ava";
import { imagePolicyWebhook } from "./image-policy-webhook.mjs";

const images = (...names) => names.map((image) => ({ image }));
const object = {
  metadata: { annotations: { "ticket.image-policy.k8s.io/number": "INC-1", "example.com/ticket": "INC-1" } },
  spec: {
    containers: images("a"),
    initContainers: images("b"),
    ephemeralContainers: images("c"),
    volumes: [{ name: "v", image: { reference: "d" } }],
  },
};
const pods = { group: "", version: "v1", resource: "pods" };
const review = (parts) => ({
  namespaceLabels: { zone: "payments" },
  request: {
    uid: "u",
    operation: "CREATE",
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: pods,
    namespace: "default",
    userInfo: { username: "alice", groups: ["ops"] },
    object,
    ...parts,
  },
});

test("an ImageReview has the images of containers, its own annotations and the namespace, and no user or label", (t) => {
  const { namespaceLabels, request } = imagePolicyWebhook.seen(review({}));
  t.is(namespaceLabels, null);
  t.deepEqual(request.userInfo, {});
  t.is(request.namespace, "default");
  t.deepEqual(request.object, {
    metadata: { annotations: { "ticket.image-policy.k8s.io/number": "INC-1" } },
    spec: { containers: images("a", "b") },
  });
});

test("of an update of the debug containers, it has these alone", (t) => {
  const { request } = imagePolicyWebhook.seen(review({ operation: "UPDATE", subResource: "ephemeralcontainers" }));
  t.is(request.operation, "CREATE");
  t.deepEqual(request.object.spec, { containers: images("c") });
});

test("of another kind, sub-resource or operation there is none", (t) => {
  for (const parts of [
    { resource: { group: "apps", version: "v1", resource: "deployments" } },
    { operation: "UPDATE", subResource: "status" },
    { operation: "DELETE", object: undefined },
  ]) {
    t.is(typeof imagePolicyWebhook.seen(review(parts)), "string");
  }
});
