import { evaluate, imageFields, kindNames, type Policy, parsePolicies } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { policyArbitrary } from "../generators/policy-arbitrary.js";
import { thoroughExtent, usualExtent } from "./extent.js";
import { generatedRequests } from "./generated-requests.js";

function policyOf(spec: object): Policy {
  const text = JSON.stringify({
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name: "p" },
    spec,
  });
  const { policies, diagnostics } = parsePolicies({ text, file: "policy.yaml" });
  const [policy] = policies;
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return policy;
}

const generate = (policy: Policy, extent = usualExtent) => generatedRequests(policy, policy.place.location, extent);

const oneWord = /^generated\/[A-Za-z0-9._/:@%+=,-]+$/;

const rich = {
  match: {
    kinds: ["Pod", "Deployment", "CronJob"],
    namespaces: ["team-*"],
    excludeNamespaces: ["team-x"],
    namespaceSelector: {
      matchLabels: { env: "prod" },
      matchExpressions: [
        { key: "zone", operator: "In", values: ["a", "b"] },
        { key: "off", operator: "DoesNotExist" },
      ],
    },
  },
  images: {
    allow: ["registry.my.com/team/**", "*.corp.example:5000/{a,b}-*/**:v*", "docker.io/library/nginx"],
    deny: ["registry.my.com/team/sandbox/**"],
    require: { registry: "explicit", tag: "explicit" },
    denyTags: ["latest", "*-rc*"],
  },
  exempt: {
    users: ["system:serviceaccount:flux-system:*"],
    groups: ["break-glass"],
    breakGlass: { annotation: "my.com/ticket", value: "INC-*" },
  },
} as const;

test("the same requests are generated every time, under names of their own that are one word of a shell's", (t) => {
  const [one, two] = [generate(policyOf(rich)), generate(policyOf(rich))];
  t.deepEqual(one, two);
  const names = one.cases.map(({ name }) => name);
  t.is(new Set(names).size, names.length);
  for (const name of names) t.regex(name, oneWord);
});

test("a name says which request it is, however many are generated", (t) => {
  const { cases } = generate(policyOf(rich));
  const thorough = new Map(generate(policyOf(rich), thoroughExtent).cases.map((one) => [one.name, one.parts]));
  const both = cases.filter(({ name }) => thorough.has(name));
  t.true(both.length > 0);
  for (const { name, parts } of both) t.deepEqual(parts, thorough.get(name));
});

test("every verdict and every reason is among what is expected", (t) => {
  const policy = policyOf(rich);
  const reasons = new Set<string>();
  const scopes = new Set<string | undefined>();
  for (const { review, expect } of generate(policy).cases) {
    const { scope, violations } = evaluate(policy, review);
    scopes.add(scope);
    for (const { reason } of violations) reasons.add(reason);
    t.is(expect.verdict === "out-of-scope", scope !== undefined);
  }
  t.deepEqual([...reasons].sort(), [
    "denied",
    "invalid",
    "missing",
    "registry-implicit",
    "tag-denied",
    "tag-missing",
    "unlisted",
  ]);
  t.deepEqual([...scopes].filter((scope) => scope !== undefined).sort(), [
    "break-glass",
    "exempt-group",
    "exempt-user",
    "kind",
    "namespace",
    "namespace-labels",
    "operation",
    "sub-resource",
  ]);
});

test("each kind is asked about with each operation that it has, and each field", (t) => {
  const { cases } = generate(policyOf(rich));
  const seen = new Set(
    cases.flatMap(({ review: { request } }) => {
      const object = request.operation === "DELETE" ? request.oldObject : request.object;
      const kind = kindNames.find((name) => name === request.kind.kind) ?? "Pod";
      const fields = imageFields(kind, object).map(({ field }) => field.replace(/.*\.(\w+)\[.*/, "$1"));
      return [`${kind} ${request.operation}`, ...fields.map((field) => `${kind} ${field}`)];
    }),
  );
  for (const kind of kindNames) {
    for (const what of [
      "CREATE",
      "UPDATE",
      "DELETE",
      "containers",
      "initContainers",
      "ephemeralContainers",
      "volumes",
    ]) {
      t.true(seen.has(`${kind} ${what}`), `${kind} ${what}`);
    }
  }
  t.true(seen.has("Pod CONNECT"));
});

test("a request about several images is those that it is made of, but for the list that the images are in", (t) => {
  const policy = policyOf(rich);
  const { cases, combined } = generate(policy);
  t.true(combined.length > 0);
  for (const { review, of, name } of combined) {
    t.regex(name, oneWord);
    t.true(of.length > 1 && of.every((one) => cases.includes(one)));
    t.is(new Set(of).size, of.length);
    const images = (one: (typeof of)[number]["review"]) => evaluate(policy, one).violations.map(({ image }) => image);
    t.deepEqual(new Set(images(review)), new Set(of.flatMap((one) => images(one.review))));
    const settings = [review, ...of.map((one) => one.review)].map(({ request, namespaceLabels }) => {
      const { uid: _, object, oldObject, ...rest } = request;
      const lists = JSON.stringify([object, oldObject]).replaceAll(/\{"name":"[a-z]+(?:-\d)?","image":[^[\]]*/g, "");
      return { rest, lists, namespaceLabels };
    });
    for (const setting of settings) t.deepEqual(setting, settings[0]);
  }
});

test("what names no image is never asked about with others", (t) => {
  const { combined } = generate(policyOf({ match: { kinds: ["Pod"] }, images: { allow: ["ghcr.io"] } }));
  for (const { of } of combined) {
    for (const { review } of of) {
      const fields = imageFields("Pod", review.request.object).map(({ image }) => image);
      t.true(
        fields.every((image) => typeof image === "string" && image !== ""),
        JSON.stringify(fields),
      );
    }
  }
  t.true(combined.length > 0);
});

test("each reason is shown by several requests that no other image is asked about with", (t) => {
  const policy = policyOf(rich);
  const { cases, combined } = generate(policy);
  const together = new Set(combined.flatMap(({ of }) => of));
  const reasonsOf = (own: typeof cases) =>
    own.flatMap(({ review }) => {
      const { scope, violations } = evaluate(policy, review);
      const images = new Set(violations.map(({ image }) => image));
      return scope !== undefined || images.size > 1 ? [] : [violations[0]?.reason ?? "none"];
    });
  const alone = reasonsOf(cases.filter((one) => !together.has(one)));
  const all = new Set(reasonsOf(cases));
  t.true(all.size > 5);
  for (const reason of all) t.true(alone.filter((one) => one === reason).length > 1, reason);
});

/** Policies that differ from the one above in one thing that people get wrong. */
const mistakes: Readonly<Record<string, object>> = {
  "a prefix without its slash": {
    images: { ...rich.images, allow: ["registry.my.com/team*/**", ...rich.images.allow] },
  },
  "a dot that is any character": {
    images: { ...rich.images, allow: ["registry*my.com/team/**", ...rich.images.allow] },
  },
  "a port that does not count": {
    images: { ...rich.images, allow: ["registry.my.com:*/team/**", ...rich.images.allow] },
  },
  "one alternative less": {
    images: { ...rich.images, allow: [rich.images.allow[0], "*.corp.example:5000/a-*/**:v*", rich.images.allow[2]] },
  },
  "a host of one label more": {
    images: { ...rich.images, allow: ["**.corp.example:5000/{a,b}-*/**:v*", ...rich.images.allow] },
  },
  "a deny list that is forgotten": { images: { ...rich.images, deny: ["registry.my.com/other/**"] } },
  "a deny list that denies too much": { images: { ...rich.images, deny: ["registry.my.com/team/sandbox*/**"] } },
  "tags that may run": { images: { ...rich.images, denyTags: ["latest"] } },
  "a tag that nobody asks for": { images: { ...rich.images, require: { registry: "explicit" }, denyTags: ["*-rc*"] } },
  "a registry that nobody asks for": { images: { ...rich.images, require: { tag: "explicit" } } },
  "a kind that is forgotten": { match: { ...rich.match, kinds: ["Pod", "Deployment"] } },
  "a namespace that is not left out": { match: { ...rich.match, excludeNamespaces: ["team-y"] } },
  "every namespace": { match: { ...rich.match, namespaces: ["*"] } },
  "a label that does not count": { match: { ...rich.match, namespaceSelector: { matchLabels: { env: "prod" } } } },
  "another user": { exempt: { ...rich.exempt, users: ["system:serviceaccount:*"] } },
  "no group": { exempt: { users: rich.exempt.users, breakGlass: rich.exempt.breakGlass } },
  "any ticket": { exempt: { ...rich.exempt, breakGlass: { annotation: "my.com/ticket" } } },
};

for (const [name, changed] of Object.entries(mistakes)) {
  test(`a policy with ${name} is found out`, (t) => {
    const other = policyOf({ ...rich, ...changed });
    const told = generate(policyOf(rich), thoroughExtent).cases.filter(({ review, expect }) => {
      const { verdict } = evaluate(other, review);
      return (verdict === "allow" || verdict === "out-of-scope" ? verdict : "deny") !== expect.verdict;
    });
    t.true(told.length > 0);
  });
}

test("of a policy that is larger than the extent, what is left out is counted", (t) => {
  const allow = Array.from({ length: 100 }, (_, index) => `registry-${index}.my.com/team-${index}/**`);
  const { cases, leftOut, problem } = generate(policyOf({ images: { allow } }));
  t.is(leftOut.patterns, 100 - usualExtent.patterns);
  t.true(leftOut.images > 0);
  t.is(problem, undefined);
  t.true(cases.length < 2 * usualExtent.images);
});

test("any policy gets requests, each under a name of its own", (t) => {
  const named = fc.property(policyArbitrary, ({ policy }) => {
    const names = generate(policy).cases.map(({ name }) => name);
    t.is(new Set(names).size, names.length);
    for (const name of names) t.regex(name, oneWord);
  });
  fc.assert(named, { numRuns: 40 });
});

test("nothing is asked about a policy that judges nothing", (t) => {
  const never = {
    matchExpressions: [
      { key: "a", operator: "Exists" },
      { key: "a", operator: "DoesNotExist" },
    ],
  };
  const policy = policyOf({ match: { namespaceSelector: never }, images: { allow: ["ghcr.io"] } });
  t.deepEqual(generate(policy).cases, []);
});
