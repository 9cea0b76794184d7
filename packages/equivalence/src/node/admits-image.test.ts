import test from "ava";
import { admitsImage } from "./admits-image.js";
import type { NodePolicy } from "./node-policy.js";

/* Each rule as a manual page says it. */

const digest = `sha256:${"a".repeat(64)}`;

function node(scopes: Record<string, boolean>, others: Partial<NodePolicy> = {}): NodePolicy {
  const entries = new Map(Object.entries(scopes));
  return { acceptsByDefault: false, scopes: entries, searchRegistries: ["docker.io"], blocked: [], ...others };
}

function admitted(policy: NodePolicy, ...images: string[]): string[] {
  return images.filter((image) => admitsImage(policy, image));
}

test("the most specific scope decides, and the more general ones are ignored", (t) => {
  const policy = node({ "a.io": true, "a.io/x": false, "a.io/x/y": true, "a.io/x/y:v1": false });
  const images = [
    "a.io/z",
    "a.io/x",
    "a.io/x/z",
    "a.io/xy",
    "a.io/x/y",
    "a.io/x/y:v1",
    "a.io/x/y:v11",
    "a.io/x/y/z:v1",
  ];
  t.deepEqual(admitted(policy, ...images), ["a.io/z", "a.io/xy", "a.io/x/y", "a.io/x/y:v11", "a.io/x/y/z:v1"]);
});

test("a scope is a name in full, with `docker.io` and `library/` written", (t) => {
  const policy = node({ "docker.io/library/busybox": true });
  const images = [
    "busybox",
    "library/busybox:1",
    "docker.io/busybox",
    "index.docker.io/busybox",
    "x/busybox",
    "busybox/x",
  ];
  t.deepEqual(admitted(policy, ...images), images.slice(0, 4));
});

test("registries are compared as they are written, with their port", (t) => {
  const policy = node({ "a.io": true, "b.io:5000": true });
  const images = ["a.io/x", "A.io/x", "a.io:443/x", "a.io.evil/x", "b.io/x", "b.io:5000/x", "b.io:05000/x"];
  t.deepEqual(admitted(policy, ...images), ["a.io/x", "b.io:5000/x"]);
});

test("`*.` in front of a host is any of its sub-domains, and never the host itself", (t) => {
  const policy = node({ "*.a.io": true, "*.b.a.io": false, "c.b.a.io": true });
  const images = ["x.a.io/y", "x.y.a.io:5000/z", "a.io/x", "xa.io/y", "x.b.a.io/y", "c.b.a.io/x", "x.a.io.evil/y"];
  t.deepEqual(admitted(policy, ...images), ["x.a.io/y", "x.y.a.io:5000/z", "c.b.a.io/x"]);
});

test("an image without a tag has the tag latest, and a digest takes the place of a tag", (t) => {
  const policy = node({ "a.io/x:latest": true, [`a.io/y@${digest}`]: true });
  const images = ["a.io/x", "a.io/x:latest", "a.io/x:v1", `a.io/x:latest@${digest}`, `a.io/y@${digest}`, "a.io/y"];
  t.deepEqual(admitted(policy, ...images), ["a.io/x", "a.io/x:latest", `a.io/y@${digest}`]);
  t.deepEqual(admitted(policy, `a.io/y:v1@${digest}`), [`a.io/y:v1@${digest}`]);
});

test("a short name is looked for in the one registry that there is", (t) => {
  const all = { acceptsByDefault: true };
  t.deepEqual(admitted(node({}, { ...all, searchRegistries: [] }), "nginx", "x/y", "a.io/x"), ["a.io/x"]);
  t.deepEqual(admitted(node({}, { ...all, searchRegistries: ["a.io", "b.io"] }), "nginx", "a.io/x"), ["a.io/x"]);
  t.deepEqual(admitted(node({ "a.io/nginx": true }, { searchRegistries: ["a.io"] }), "nginx", "redis"), ["nginx"]);
});

test("what is blocked is not pulled, whatever the policy accepts", (t) => {
  const policy = node({}, { acceptsByDefault: true, blocked: ["a.io/x", "b.io", "*.c.io", "a.io/y:v1"] });
  const images = [
    "a.io/x",
    "a.io/x/y:1",
    "a.io/xy",
    "b.io/x",
    "b.io:5000/x",
    "x.y.c.io/z",
    "c.io/x",
    "a.io/y:v1",
    "a.io/y:v1.1",
  ];
  t.deepEqual(admitted(policy, ...images), ["a.io/xy", "b.io:5000/x", "c.io/x", "a.io/y:v1.1"]);
});

test("what is no reference is never pulled", (t) => {
  const policy = node({}, { acceptsByDefault: true });
  t.deepEqual(
    admitted(policy, "", "a.io/X", "a b", "my_registry.corp/app", "a".repeat(64), `a.io/${"x".repeat(508)}`),
    [],
  );
});
