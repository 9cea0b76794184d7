import type { Review, VerdictKind } from "@registry-policy/language";
import test from "ava";
import type { EngineHost } from "./engine-host.js";
import { type EngineId, engineIds } from "./engines.js";
import { type Enforcement, policyOf } from "./judged.test.data.js";
import { openEngine } from "./open-engine.js";
import { pod, review } from "./review.test.data.js";
import { runningHost } from "./running-host.test.data.js";

interface Case {
  readonly name: string;
  readonly enforcement?: Enforcement;
  readonly review: Review;
  /** What every engine says, and which of them say something else. */
  readonly expect: VerdictKind | Record<EngineId, VerdictKind>;
  readonly images?: readonly string[];
}

let host: EngineHost;
test.before(async () => {
  host = await runningHost();
});
test.after.always(() => host?.close());

const evil = pod(["registry.corp/app", "evil/x"]);

const everyEngine = (verdict: VerdictKind) =>
  Object.fromEntries(engineIds.map((engine) => [engine, verdict])) as Record<EngineId, VerdictKind>;

const cases: Case[] = [
  {
    name: "a Pod with good images is admitted",
    review: review({ object: pod(["registry.corp/app"]) }),
    expect: "allow",
  },
  {
    name: "a Pod with another image is refused by name",
    review: review({ object: evil }),
    expect: "deny",
    images: ["evil/x"],
  },
  {
    name: "every violating image is named, init containers included",
    review: review({ object: pod(["evil/x", 'evil/"]y'], { init: ["evil/i"] }) }),
    expect: "deny",
    images: ["evil/x", 'evil/"]y', "evil/i"],
  },
  {
    name: "a policy that warns admits with a warning",
    enforcement: "warn",
    review: review({ object: evil }),
    expect: "warn",
    images: ["evil/x"],
  },
  {
    name: "a policy that records admits in silence",
    enforcement: "audit",
    review: review({ object: evil }),
    expect: "audit",
    images: ["evil/x"],
  },
  {
    name: "a policy that warns admits good images",
    enforcement: "warn",
    review: review({ object: pod(["registry.corp/app"]) }),
    expect: "allow",
  },
  {
    name: "a policy that records admits good images",
    enforcement: "audit",
    review: review({ object: pod(["registry.corp/app"]) }),
    expect: "allow",
  },
  {
    name: "an update is judged by the new object, also where the old one violates already",
    review: review({ operation: "UPDATE", object: evil, oldObject: pod(["evil/old"]) }),
    expect: "deny",
    images: ["evil/x"],
  },
  {
    name: "an update to good images is admitted",
    review: review({ operation: "UPDATE", object: pod(["registry.corp/app"]), oldObject: evil }),
    expect: "allow",
  },
  {
    name: "an ephemeral container is judged",
    review: review({
      operation: "UPDATE",
      subResource: "ephemeralcontainers",
      object: {
        ...pod(["registry.corp/app"]),
        spec: { containers: [], ephemeralContainers: [{ name: "e", image: "evil/e" }] },
      },
      oldObject: pod(["registry.corp/app"]),
    }),
    expect: "deny",
    images: ["evil/e"],
  },
  {
    name: "another sub-resource is out of scope",
    review: review({ operation: "UPDATE", subResource: "status", object: evil, oldObject: evil }),
    expect: "out-of-scope",
  },
  {
    name: "a deletion is out of scope",
    review: review({ operation: "DELETE", oldObject: evil }),
    expect: "out-of-scope",
  },
  {
    name: "another kind is out of scope",
    review: review({
      kind: { group: "apps", version: "v1", kind: "Deployment" },
      resource: { group: "apps", version: "v1", resource: "deployments" },
      object: { ...evil, apiVersion: "apps/v1", kind: "Deployment" },
    }),
    expect: "out-of-scope",
  },
  {
    name: "a namespace that the selector leaves out is out of scope",
    review: review({ object: evil }, { zone: "test" }),
    expect: "out-of-scope",
  },
  {
    name: "where a namespace's labels are unknown, an engine that looks them up cannot decide",
    review: review({ object: evil }, null),
    expect: { ...everyEngine("error"), opa: "deny", "opa-rego": "deny" },
  },
  {
    name: "an exempt user is out of scope, or allowed where the exemption is in the policy's code",
    review: review({ object: evil, userInfo: { username: "break-glass" } }),
    expect: { ...everyEngine("out-of-scope"), gatekeeper: "allow", "gatekeeper-cel": "allow" },
  },
  {
    name: "an engine that fails makes no decision",
    review: review({ object: pod(["registry.corp/app"], { annotations: { crash: "yes" } }) }),
    expect: "error",
  },
  {
    name: "an engine that fails makes no decision where the policy only records",
    enforcement: "audit",
    review: review({ object: pod(["registry.corp/app"], { annotations: { crash: "yes" } }) }),
    expect: "error",
  },
];

for (const engine of engineIds) {
  for (const { name, enforcement = "deny", review, expect, images = [] } of cases) {
    const expected = typeof expect === "string" ? expect : expect[engine];
    test(`${engine}: ${name} (${expected})`, async (t) => {
      const policy = await openEngine(engine, host).load(policyOf[engine](enforcement));
      const [verdict, ...rest] = await policy.judge([review]);
      t.is(verdict?.verdict, expected, JSON.stringify(verdict));
      t.deepEqual(rest, []);
      t.is(verdict?.engine, engine);
      t.regex(verdict?.engineVersion ?? "", /^v\d+\.\d+\.\d+/);
      t.true((verdict?.durationNs ?? 0) > 0);
      t.is(typeof verdict?.error, expected === "error" ? "string" : "undefined");
      if (expected !== "error" && typeof expect === "string")
        t.deepEqual([...(verdict?.images ?? [])].sort(), [...images].sort());
      if (["deny", "warn", "audit"].includes(expected))
        t.regex(verdict?.messages[0] ?? "", /^not from registry\.corp: /);
    });
  }
}

test("a request that cannot be read is an error of its own, and its neighbours are judged", async (t) => {
  for (const engine of engineIds) {
    const policy = await openEngine(engine, host).load(policyOf[engine]("deny"));
    const broken = review({ object: evil, operation: "PATCH" });
    const [first, second, third] = await policy.judge([
      review({ object: evil }),
      broken,
      review({ object: pod(["registry.corp/a"]) }),
    ]);
    t.is(first?.verdict, "deny");
    t.is(second?.verdict, engine === "opa" ? "out-of-scope" : "error", engine);
    t.is(third?.verdict, "allow");
  }
});

test("thousands of reviews come back in their order", async (t) => {
  const images = Array.from({ length: 2_000 }, (_, i) => (i % 3 === 0 ? `evil/${i}` : `registry.corp/${i}`));
  for (const engine of engineIds) {
    const policy = await openEngine(engine, host).load(policyOf[engine]("deny"));
    const verdicts = await policy.judge(images.map((image) => review({ object: pod([image]) })));
    const wrong = verdicts.findIndex(({ images: [named] }, i) => named !== (i % 3 === 0 ? images[i] : undefined));
    t.is(wrong, -1, `${engine}: ${JSON.stringify(verdicts[wrong])}`);
    t.is(verdicts.length, images.length);
    await policy.unload();
  }
});

test("a lone surrogate is an error or a refusal, never an admission, and the next review is judged", async (t) => {
  for (const engine of engineIds) {
    const policy = await openEngine(engine, host).load(policyOf[engine]("deny"));
    const [surrogate, next] = await policy.judge([
      review({ object: pod(["evil/\ud800"]) }),
      review({ object: pod(["registry.corp/a"]) }),
    ]);
    t.is(surrogate?.verdict, engine === "opa" ? "error" : "deny", engine);
    t.is(next?.verdict, "allow", engine);
  }
});
