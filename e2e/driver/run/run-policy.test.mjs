import { admissionReview, uidOf } from "@registry-policy/equivalence";
import { parsePolicies } from "@registry-policy/language";
import test from "ava";
import { runPolicy } from "./run-policy.mjs";

const text = (enforcement) => `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: { name: bank }
spec: { enforcement: ${enforcement}, images: { allow: [registry.my.com] } }
`;
const policyOf = (enforcement) => parsePolicies({ text: text(enforcement), file: "policy.yaml" }).policies[0];

const pod = (image) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: { containers: [{ name: "c", image }] },
});
const fixture = (name, parts) => ({ name, location: { file: "f", line: 1 }, ...admissionReview(parts, uidOf(0)) });

/** An API server that stores Pods, refuses one without an image, and asks `judge` while a policy is in force. */
function fakeCluster(judge, server) {
  let isEnforced = false;
  const sent = [];
  const send = async (method, path, { body, user } = {}) => {
    const ok = { status: 200, body: body ?? {}, warnings: [] };
    if (path.startsWith("/api/v1/namespaces") && !path.includes("/pods")) return { ...ok, body: { metadata: {} } };
    sent.push({ method, path, user });
    if (body?.spec?.containers[0].image === "") return { ...ok, status: 422, body: { message: "it is invalid" } };
    return isEnforced && path.includes("dryRun") ? { ...ok, ...judge({ method, body }) } : ok;
  };
  const cluster = { api: { send }, assertRunning: () => {}, sent };
  cluster.enforce = async () => {
    isEnforced = true;
    const end = async () => {
      isEnforced = false;
    };
    return { cluster, end, server };
  };
  return cluster;
}

const refusal = {
  status: 403,
  body: { message: 'admission webhook "engine.example" denied the request: [bank] image' },
};
const isBad = ({ body }) => body?.spec.containers[0].image === "nginx";
const run = (cluster, cases, { enforcement = "deny", recorded = async () => new Set(), ...controller } = {}) => {
  const { enforce } = cluster;
  const policy = policyOf(enforcement);
  return runPolicy(cluster, { policy, cases, enforce, recorded, patienceSeconds: 0.5, ...controller });
};

const good = fixture("good", { object: pod("registry.my.com/app") });
const bad = fixture("bad", { object: pod("nginx") });

test("an engine that refuses what check refuses agrees", async (t) => {
  const { results } = await run(
    fakeCluster((request) => (isBad(request) ? refusal : {})),
    [good, bad],
  );
  t.deepEqual(
    results.map(({ expected, outcome }) => [expected, outcome]),
    [
      ["admitted", "admitted"],
      ["refused", "refused"],
    ],
  );
});

test("an engine that admits everything, or refuses everything, differs", async (t) => {
  const admitting = await run(
    fakeCluster(() => ({})),
    [good, bad],
  );
  t.like(admitting.results[1], { expected: "refused", outcome: "admitted" });
  const refusing = await run(
    fakeCluster(() => refusal),
    [good, bad],
  );
  t.like(refusing.results[0], { expected: "admitted", outcome: "refused" });
});

test("a violation that is only warned of differs from one that is refused", async (t) => {
  const warning = { warnings: ["[bank] image"] };
  const cluster = () => fakeCluster((request) => (isBad(request) ? warning : {}));
  t.like((await run(cluster(), [bad])).results[0], { expected: "refused", outcome: "warned" });
  t.like((await run(cluster(), [bad], { enforcement: "warn" })).results[0], { expected: "warned", outcome: "warned" });
});

test("a violation that is audited has to be recorded, and nothing else has", async (t) => {
  const cluster = () => fakeCluster(() => ({}));
  const options = (...names) => ({ enforcement: "audit", recorded: async () => new Set(names) });
  const outcomes = async (...names) =>
    (await run(cluster(), [good, bad], options(...names))).results.map(({ outcome }) => outcome);
  t.deepEqual(await outcomes("p-1"), ["admitted", "recorded"]);
  t.deepEqual(await outcomes(), ["admitted", "admitted"]);
  t.deepEqual(await outcomes("p-0", "p-1"), ["recorded", "recorded"]);
});

test("what the API server refuses by itself is apart", async (t) => {
  const { results } = await run(
    fakeCluster(() => refusal),
    [fixture("no image", { object: pod("") })],
  );
  t.is(results[0].apart, "the API server refuses it: it is invalid");
});

test("a request that the API server makes another one of is apart", async (t) => {
  const inGroup = parsePolicies({
    text: `${text("deny").trimEnd().slice(0, -1)}, exempt: { groups: ["system:authenticated"] } }\n`,
    file: "policy.yaml",
  }).policies[0];
  const cluster = fakeCluster(() => ({}));
  const { results } = await runPolicy(cluster, {
    policy: inGroup,
    cases: [bad],
    enforce: cluster.enforce,
    recorded: async () => new Set(),
  });
  t.regex(results[0].apart, /gets `out-of-scope` instead of `deny`/);
});

test("the old object of an update is stored while the policy is away, and deleted in the end", async (t) => {
  const cluster = fakeCluster((request) => (isBad(request) ? refusal : {}));
  const update = fixture("update", { operation: "UPDATE", object: pod("nginx"), oldObject: pod("nginx") });
  const { results } = await run(cluster, [update]);
  t.is(results[0].outcome, "refused");
  t.deepEqual([cluster.sent.at(0).method, cluster.sent.at(-1).method], ["POST", "DELETE"]);
  t.true(cluster.sent.at(-1).path.startsWith("/api/v1/namespaces/default/pods/p-0?"));
});

test("a request is sent as the user and the groups of the fixture", async (t) => {
  const cluster = fakeCluster(() => ({}));
  await run(cluster, [fixture("user", { object: pod("registry.my.com/a"), user: { name: "alice", groups: ["dev"] } })]);
  t.deepEqual(cluster.sent[0].user, { name: "alice", groups: ["dev"] });
});

test("what the engine is not told, and what it is told too little of, is apart", async (t) => {
  const cluster = () => fakeCluster((request) => (isBad(request) ? refusal : {}));
  const untold = await run(cluster(), [bad], { seen: () => "nobody asks it" });
  t.is(untold.results[0].apart, "nobody asks it");
  const seen = (made) => ({ ...made, request: { ...made.request, object: pod("registry.my.com/app") } });
  const half = await run(cluster(), [good, bad], { seen });
  t.like(half.results[0], { expected: "admitted", outcome: "admitted" });
  t.regex(half.results[1].apart, /is not told all of it.* gets `allow` instead of `deny`/);
});

test("a warning that can only be recorded has to be recorded", async (t) => {
  const options = { enforcement: "warn", outcomes: { warn: "recorded" }, recorded: async () => new Set(["p-1"]) };
  const { results } = await run(
    fakeCluster(() => ({})),
    [good, bad],
    options,
  );
  t.deepEqual(
    results.map(({ expected, outcome }) => [expected, outcome]),
    [
      ["admitted", "admitted"],
      ["recorded", "recorded"],
    ],
  );
});

const unanswered = {
  status: 500,
  body: { message: 'failed calling webhook: Post "https://127.0.0.1:1/validate?timeout=5s": connection refused' },
};

/** A server that may be killed, and what the API server gets of it then. */
function mortalCluster(whileKilled) {
  let isKilled = false;
  const server = {
    async kill() {
      isKilled = true;
    },
    async restart() {
      isKilled = false;
    },
  };
  return fakeCluster((request) => (isKilled ? whileKilled : isBad(request) ? refusal : {}), server);
}

test("with the server killed all is refused, and once it is started again all is as it was", async (t) => {
  const { results } = await run(mortalCluster(unanswered), [good, bad]);
  const want = "refused for want of an answer";
  t.deepEqual(
    results.slice(2).map(({ name, expected, outcome }) => [name, expected, outcome]),
    [
      ["good, the server killed", want, want],
      ["bad, the server killed", want, want],
      ["good, the server started again", "admitted", "admitted"],
      ["bad, the server started again", "refused", "refused"],
    ],
  );
});

test("a killed server without which requests are admitted differs", async (t) => {
  const { results } = await run(mortalCluster({}), [good]);
  t.like(results[1], { expected: "refused for want of an answer", outcome: "admitted" });
});
