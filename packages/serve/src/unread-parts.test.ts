import { type AdmissionRequest, kindNames, kinds } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { readAdmissionReview } from "./admission-review.js";
import { readImageReview } from "./image-review.js";
import { judgedPart } from "./judged-part.js";
import { textWithoutUnread } from "./unread-parts.js";

const shortened = (value: unknown) => JSON.parse(textWithoutUnread(Buffer.from(JSON.stringify(value))));

test("what nobody looks into is empty where it is long, and the rest is as it was", (t) => {
  const probe = { httpGet: { path: "/ready", port: 8080, scheme: "HTTP" } };
  const review = (labels: object, env: object[], readinessProbe: object, oldObject: object) => ({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "1",
      kind: { group: "", version: "v1", kind: "Pod" },
      object: {
        metadata: { name: "web", labels, annotations: { ticket: 'INC-"1"' } },
        spec: {
          containers: [{ name: "web", image: "nginx", env, readinessProbe, ports: [{ containerPort: 80 }] }],
          volumes: [{ name: "a", image: { reference: "registry.my.com/models/of-all-sizes:1.27" } }],
        },
      },
      oldObject,
      dryRun: false,
    },
  });
  const env = [{ name: "LIST", value: "[1, 2, 3]" }, { name: "EMPTY" }];
  const whole = review({ "app.kubernetes.io/name": "web-frontend" }, env, probe, {
    spec: { containers: [{ image: "x" }] },
  });
  t.deepEqual(shortened(whole), review({}, [], {}, {}));
});

test("a member whose name is written with an escape is not taken for another", (t) => {
  const spec = { containers: [{ image: "registry.my.com/a:1" }] };
  const text = JSON.stringify({ spec, spec2: spec }).replace("spec", "\\u0073pec");
  t.deepEqual(JSON.parse(textWithoutUnread(Buffer.from(text))), { spec, spec2: {} });
});

const long = "x".repeat(40);
for (const [name, text] of Object.entries({
  "white space": `{ "env": ["${long}"] }`,
  "a text that is not ASCII": `{"env":["ä${long}"]}`,
  "a fraction in what nobody looks into": `{"env":[1.5,"${long}"]}`,
  "JSON that does not end": `{"env":["${long}"]`,
  "a list that does not end": `{"env":["${long}"`,
  "what is no JSON": `{"env":["${long}",]}`,
})) {
  test(`this is left whole, or as wrong as it was: ${name}`, (t) => {
    const short = textWithoutUnread(Buffer.from(text));
    if (short !== text) t.throws(() => JSON.parse(short));
    else t.pass();
  });
}

const annotation = "my.image-policy.k8s.io/ticket";
/** Without what is left whole: the whole text would be, whatever it holds besides. */
const anything = fc.anything({
  values: [fc.integer(), fc.string(), fc.boolean(), fc.constant(null)],
  maxDepth: 2,
});
const unread = fc.oneof(
  anything,
  fc.constantFrom<unknown>(
    [{ name: "A", value: `]}","image":"${"x".repeat(20)}` }],
    { spec: { containers: [{ image: "registry.my.com/a:1" }] } },
    ["\\".repeat(33)],
    [1.5],
    ["ä"],
  ),
);
const noise = fc.dictionary(fc.constantFrom("env", "status", "labels", "a\\b", 'q"', "options"), unread, {
  maxKeys: 3,
});
const noisy = (known: Record<string, fc.Arbitrary<unknown>>) =>
  fc.tuple(noise, fc.record(known, { requiredKeys: [] }), noise).map(([a, part, b]) => ({ ...a, ...part, ...b }));
const maybe = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 9, arbitrary: usual }, anything);

const image = maybe(fc.constantFrom("nginx", "registry.my.com/a:1", "", 'a"b'));
const containers = maybe(fc.array(maybe(noisy({ image })), { maxLength: 3 }));
const volumes = maybe(fc.array(maybe(noisy({ image: maybe(noisy({ reference: image })) })), { maxLength: 2 }));
const spec = maybe(noisy({ containers, initContainers: containers, ephemeralContainers: containers, volumes }));
const annotations = maybe(fc.dictionary(fc.constantFrom(annotation, "env", "spec"), maybe(fc.constant("INC-1"))));
const template = noisy({ metadata: maybe(noisy({ annotations })), spec });
const object = fc.tuple(fc.constantFrom(...kindNames), template, noise).map(([kind, pod, beside]) => ({
  kind: { group: kinds[kind].group, version: "v1", kind },
  object: kinds[kind].podTemplate.reduceRight<unknown>((inner, key) => ({ ...beside, [key]: inner }), pod),
}));
const request = fc
  .tuple(
    object,
    noisy({
      uid: maybe(fc.constant("1")),
      operation: maybe(fc.constantFrom("CREATE", "UPDATE")),
      namespace: maybe(fc.constant("team-a")),
      userInfo: maybe(noisy({ username: maybe(fc.constant("u")), groups: maybe(fc.constant(["g"])) })),
    }),
  )
  .map(([judged, rest]) => ({ uid: "1", operation: "CREATE", ...rest, ...judged }));
const admissionReview = maybe(request).map((value) => ({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  request: value,
}));
const imageReview = noisy({ containers, annotations, namespace: maybe(fc.constant("team-a")) }).map((value) => ({
  apiVersion: "imagepolicy.k8s.io/v1alpha1",
  kind: "ImageReview",
  spec: value,
}));

/** What is seen of a body: why it is refused, or what policies can depend on. */
function seen(read: () => unknown): unknown {
  let body: unknown;
  try {
    body = read();
  } catch {
    return "no JSON";
  }
  const partOf = judgedPart({ annotations: [annotation], users: true });
  const part = (review: { readonly request: AdmissionRequest } | { readonly problem: string }) =>
    "request" in review ? partOf(review.request) : review;
  return [part(readAdmissionReview(body)), part(readImageReview(body))];
}

/** A character taken away, put in or exchanged. */
const damage = fc.record({ at: fc.nat(), taken: fc.nat(1), put: fc.constantFrom("", ...'"\\{}[]:,0 ') });

test("the same is seen of a review and of its shortened text, damaged or not", (t) => {
  let shorter = 0;
  let refused = 0;
  let judged = 0;
  fc.assert(
    fc.property(fc.oneof(admissionReview, imageReview), fc.array(damage, { maxLength: 2 }), (review, all) => {
      const text = all.reduce((damaged, { at, taken, put }) => {
        const place = at % (damaged.length + 1);
        return damaged.slice(0, place) + put + damaged.slice(place + taken);
      }, JSON.stringify(review));
      const short = textWithoutUnread(Buffer.from(text));
      const whole = seen(() => JSON.parse(text));
      if (JSON.stringify(whole).includes('"operation"')) judged++;
      if (short.length < text.length) shorter++;
      if (whole === "no JSON") refused++;
      t.deepEqual(
        seen(() => JSON.parse(short)),
        whole,
      );
    }),
    { numRuns: 5_000 },
  );
  t.true(shorter > 500);
  t.true(refused > 500);
  t.true(judged > 500);
});
