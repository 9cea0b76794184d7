import { type Kind, kindNames, kinds, type Policy } from "@registry-policy/language";
import fc from "fast-check";
import type { RequestParts } from "../fixtures/admission-review.js";
import { anything, mostly } from "./hostile-texts.js";
import { imageArbitrary } from "./image-arbitrary.js";

const namespaceName = fc.constantFrom("default", "team-a", "team-a-prod", "x-batch-y", "kube-system", "prod", "team");
const labels = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.dictionary(
      fc.constantFrom("env", "team", "registry-policy"),
      fc.constantFrom("prod", "dev", "team-a", ""),
      { maxKeys: 3 },
    ),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);
const namespace = fc.option(fc.record({ name: namespaceName, labels }, { requiredKeys: ["name"] }), { nil: undefined });
const user = fc.option(
  fc.record(
    {
      name: fc.constantFrom("alice", "bob", "system:serviceaccount:flux-system:kustomize", "a'\"b", "{{ x }}", ""),
      groups: fc.array(fc.constantFrom("dev", "break-glass", "system:authenticated", "$(x)", ""), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

const annotations = fc.option(
  fc.dictionary(
    fc.constantFrom("mycluster.image-policy.k8s.io/ticket", "ticket", "other"),
    fc.constantFrom("INC-7", "INC-", "inc-7", "exact", "", "{{ x }}1"),
    { maxKeys: 2 },
  ),
  { nil: undefined, freq: 2 },
);

/** Requests around the boundaries of a policy: what a fixture can say, so that each can be kept as one. */
export function requestArbitrary(policy: Policy): fc.Arbitrary<RequestParts> {
  const usual = policy.match.kinds;
  const kind = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...kindNames) },
  );
  const podSpec = podSpecArbitrary(imageArbitrary(policy));
  const builtIn = kind.chain((name) => fc.tuple(objectOf(name, podSpec), objectOf(name, podSpec), changeOf(name)));
  const foreign = fc.tuple(fc.constantFrom(...foreignKinds), podSpec).map(([identity, spec]) => ({
    ...identity,
    metadata: { name: "object" },
    spec: { ...asMapping(spec), template: { spec } },
  }));
  return fc.oneof(
    {
      weight: 20,
      arbitrary: fc
        .tuple(builtIn, namespace, user)
        .map(([[object, oldObject, change], ...rest]) =>
          withRest(
            change.operation === "DELETE"
              ? { operation: "DELETE", oldObject: object }
              : { ...change, object, ...(change.operation === "UPDATE" && { oldObject }) },
            ...rest,
          ),
        ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(foreign, namespace, user).map(([object, ...rest]) => withRest({ object }, ...rest)),
    },
  );
}

type Namespace = RequestParts["namespace"];
type User = RequestParts["user"];

function withRest(parts: RequestParts, inNamespace: Namespace, by: User): RequestParts {
  return {
    ...parts,
    ...(inNamespace !== undefined && { namespace: inNamespace }),
    ...(by !== undefined && { user: by }),
  };
}

function withoutUndefined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** A `Deployment` of another group is not one; nor is a kind that only sounds like one. */
const foreignKinds = [
  { apiVersion: "example.com/v1", kind: "Deployment" },
  { apiVersion: "example.com/v1", kind: "Pod" },
  { apiVersion: "serving.knative.dev/v1", kind: "Service" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "v1", kind: "ConfigMap" },
] as const;

interface Change {
  readonly operation?: string;
  readonly subResource?: string;
}

/** What the API server can be asked to do with an object of a kind. */
function changeOf(kind: Kind): fc.Arbitrary<Change> {
  const ofPods: Change[] =
    kind === "Pod"
      ? [
          { operation: "UPDATE", subResource: "ephemeralcontainers" },
          { operation: "UPDATE", subResource: "ephemeralcontainers" },
          { operation: "UPDATE", subResource: "resize" },
          { operation: "CONNECT", subResource: "exec" },
        ]
      : [];
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant<Change>({}) },
    { weight: 3, arbitrary: fc.constant<Change>({ operation: "UPDATE" }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Change>(
        { operation: "DELETE" },
        { operation: "UPDATE", subResource: "status" },
        ...ofPods,
      ),
    },
  );
}

/** An object of a kind around a pod spec; what is inside of it may be anything. */
function objectOf(kind: Kind, podSpec: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  const { group, version, podTemplate } = kinds[kind];
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const isBare = podTemplate.length === 0;
  return fc
    .record({ spec: podSpec, annotations, own: annotations, hasSpec: fc.nat(30), broken: fc.nat(60), odd: anything })
    .map(({ spec, annotations, own, hasSpec, broken, odd }) => {
      const pod = {
        ...(annotations !== undefined && !isBare && { metadata: { annotations } }),
        ...(hasSpec > 0 && { spec }),
      };
      const body = podTemplate.reduceRight<unknown>(
        (inner, step, depth) => ({ [step]: broken === depth + 1 ? odd : inner }),
        pod,
      );
      // On a controller, the annotation of a broken glass counts on the template, and not on the object.
      const atTop = isBare ? annotations : own;
      const metadata = { name: "object", ...(atTop !== undefined && { annotations: atTop }) };
      return { apiVersion, kind, metadata, ...(body as object) };
    });
}

function podSpecArbitrary(image: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const anyImage = mostly(image, 25);
  const container = fc.oneof(
    { weight: 25, arbitrary: fc.record({ name: fc.constantFrom("a", "b"), image: anyImage }) as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: fc.record({ name: fc.constant("a") }) },
    { weight: 1, arbitrary: anything },
  );
  const volume = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        name: fc.constant("v"),
        image: fc.record({ reference: anyImage }),
      }) as fc.Arbitrary<unknown>,
    },
    { weight: 2, arbitrary: fc.record({ name: fc.constant("v"), emptyDir: fc.constant({}) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        name: fc.constant("v"),
        image: mostly(fc.constantFrom(null, {}, { reference: "" }, { reference: null }), 3),
      }),
    },
    { weight: 1, arbitrary: anything },
  );
  const listOf = (entry: fc.Arbitrary<unknown>, maxLength: number) => mostly(fc.array(entry, { maxLength }), 30);
  return mostly(
    fc
      .record({
        containers: listOf(container, 3),
        initContainers: fc.option(listOf(container, 2), { nil: undefined, freq: 1 }),
        ephemeralContainers: fc.option(listOf(container, 2), { nil: undefined, freq: 1 }),
        volumes: fc.option(listOf(volume, 2), { nil: undefined, freq: 1 }),
        hasContainers: fc.nat(25),
      })
      .map(({ hasContainers, containers, ...rest }) =>
        withoutUndefined({ ...rest, ...(hasContainers > 0 && { containers }) }),
      ),
    40,
  );
}

function asMapping(value: unknown): object {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
