import { openWasm } from "@registry-policy/engines";
import { kindNames, kinds } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { judgedPart, maximumEntries, TooManyImages } from "./judged-part.js";
import { sourceOf } from "./policies.test.data.js";
import { readPolicyData } from "./read-policy-data.js";

const annotation = "my.image-policy.k8s.io/ticket";
const specs = {
  "users are exempt": `exempt: {users: [admin], breakGlass: {annotation: ${annotation}, value: "INC-*"}}`,
  "groups are exempt": `exempt: {groups: [ops], breakGlass: {annotation: ${annotation}, value: "INC-*"}}`,
  "nobody is exempt": `exempt: {breakGlass: {annotation: ${annotation}, value: "INC-*"}}`,
};
const policy = (exempt: string) =>
  sourceOf(
    `match: {kinds: [${kindNames.join(", ")}]}, images: {allow: [registry.my.com, "ghcr.io/a/**:v*"], require: {tag: explicit}}, ${exempt}`,
  );

const image = fc.oneof(
  fc.constantFrom("registry.my.com/a:1", "evil.io/x", "nginx", "", "A B", "ghcr.io/a/b:v1"),
  fc.jsonValue({ maxDepth: 1 }),
);
const broken = fc.jsonValue({ maxDepth: 2 });
const withRest = (known: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .tuple(fc.record(known, { requiredKeys: [] }), fc.dictionary(fc.constantFrom("env", "ports", "status"), broken))
    .map(([part, rest]) => ({ ...rest, ...part }));
const listOf = (entry: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.array(fc.oneof({ weight: 8, arbitrary: entry }, broken), { maxLength: 3 }) },
    broken,
  );
const container = withRest({ image, name: fc.string() });
const volume = withRest({ image: fc.oneof(withRest({ reference: image }), broken), emptyDir: broken });
const podSpec = withRest({
  containers: listOf(container),
  initContainers: listOf(container),
  ephemeralContainers: listOf(container),
  volumes: listOf(volume),
});
const annotations = fc.oneof(
  fc.dictionary(
    fc.constantFrom(annotation, "other", "__proto__", "constructor"),
    fc.oneof(fc.constant("INC-1"), broken),
  ),
  broken,
);
const podTemplate = withRest({
  metadata: fc.oneof(withRest({ annotations }), broken),
  spec: fc.oneof({ weight: 6, arbitrary: podSpec }, broken),
});
const wrapped = fc
  .tuple(fc.constantFrom(...kindNames), fc.oneof({ weight: 8, arbitrary: podTemplate }, broken), fc.nat(4), broken)
  .map(([kind, template, cut, instead]) => {
    const path = kinds[kind].podTemplate;
    const object = path.reduceRight<unknown>(
      (inner, key, index) => ({ [key]: cut === index + 1 ? instead : inner }),
      template,
    );
    return { kind, object };
  });

for (const [name, exempt] of Object.entries(specs)) {
  test(`a policy decides the same of the part as of the whole request: ${name}`, (t) => {
    const { wasm, data } = policy(exempt);
    const opened = openWasm({ wasm, data });
    const parts = { annotations: [annotation], users: readPolicyData(data).exemptsUsers };
    t.is(parts.users, name !== "nobody is exempt");
    const partOf = judgedPart(parts);
    const who = fc.constantFrom(
      { username: "admin" },
      { username: "alice", groups: ["ops"] },
      { username: "alice" },
      {},
    );
    fc.assert(
      fc.property(wrapped, who, ({ kind, object }, userInfo) => {
        const { group, version, resource } = kinds[kind];
        const request = {
          uid: "1",
          operation: "CREATE",
          kind: { group, version, kind },
          resource: { group, version, resource },
          namespace: "team-a",
          name: "x",
          userInfo,
          object,
        };
        t.deepEqual(opened.evaluate(partOf(request)), opened.evaluate({ request }));
      }),
      { numRuns: 1_000 },
    );
  });
}

test("what decides nothing is left out", (t) => {
  const request = {
    uid: "1",
    operation: "CREATE",
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: { group: "", version: "v1", resource: "pods" },
    namespace: "a",
    userInfo: { username: "u", groups: ["g"], extra: { a: ["b"] } },
    object: {
      metadata: { name: "x", annotations: { [annotation]: "INC-1", other: "x" }, managedFields: [{}] },
      spec: {
        containers: [{ name: "a", image: "nginx", env: [{}] }],
        volumes: [{ emptyDir: {} }, { image: { reference: "x", pullPolicy: "Always" } }],
      },
    },
    oldObject: {},
  };
  t.deepEqual(judgedPart({ annotations: [], users: false })(request), {
    request: {
      operation: "CREATE",
      kind: { group: "", version: "v1", kind: "Pod" },
      namespace: "a",
      userInfo: {},
      object: {
        spec: { containers: [{ image: "nginx" }], volumes: [{}, { image: { reference: "x" } }] },
      },
    },
  });
  t.deepEqual(judgedPart({ annotations: [annotation], users: true })(request), {
    request: {
      operation: "CREATE",
      kind: { group: "", version: "v1", kind: "Pod" },
      namespace: "a",
      userInfo: { username: "u", groups: ["g"] },
      object: {
        metadata: { annotations: { [annotation]: "INC-1" } },
        spec: { containers: [{ image: "nginx" }], volumes: [{}, { image: { reference: "x" } }] },
      },
    },
  });
});

test("more entries than can be judged in time are refused, over all lists together", (t) => {
  const request = (containers: number, volumes: number) => ({
    uid: "1",
    operation: "CREATE",
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: { group: "", version: "v1", resource: "pods" },
    namespace: "a",
    userInfo: {},
    object: { spec: { containers: Array(containers).fill({ image: "a" }), volumes: Array(volumes).fill({}) } },
  });
  const partOf = judgedPart({ annotations: [], users: true });
  t.notThrows(() => partOf(request(maximumEntries - 1, 1)));
  t.throws(() => partOf(request(maximumEntries, 1)), { instanceOf: TooManyImages });
});
