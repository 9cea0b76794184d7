import { type JsonObject, kindNames, kinds, type Review } from "@registry-policy/language";
import fc from "fast-check";

/**
 * Policies and reviews of few words, so that they often meet: every form of a pattern, awkward spellings of images, and
 * anything at all where an object should be.
 */

const hex = "0123456789abcdef";
const digests = [`sha256:${hex.repeat(4)}`, `sha384:${hex.repeat(6)}`, `sha512:${"a".repeat(128)}`];

const host = fc.constantFrom(
  "docker.io",
  "index.docker.io",
  "ghcr.io",
  "example.com",
  "a.example.com",
  "b.a.example.com",
  "a.b.c.example.com",
  "1.dkr.ecr.eu-1.amazonaws.com",
  "localhost",
  "corp",
  "10.0.0.7",
  "[::1]",
  "[AB::1]",
);
const port = fc.constantFrom("", "", "", ":443", ":0443", ":5000", ":05000", ":0", ":00", ":x", ":");
const component = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "team", "nginx", "library", "a-b", "a.b", "team-evil", "ab") },
  { weight: 1, arbitrary: fc.constantFrom("a__b", "a--b", "a..b", "a___b", "-a", "a_", "A", "", "a.-b", "a_.b", "_") },
);
const repository = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const tag = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("", "", ":latest", ":v1", ":v1.2", ":v1-rc", ":abc", ":1.27") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(":", ":-v", ":.v", ":_", `:${"t".repeat(128)}`, `:${"t".repeat(129)}`, ":v:1"),
  },
);
const digest = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("", "", "", ...digests.map((text) => `@${text}`)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("@", "@sha256:abc", `@${digests[0]?.toUpperCase()}`, "@md5:a", `@${digests[0]}@x`),
  },
);
const spelling = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`,
);
const reference = fc
  .tuple(fc.option(fc.tuple(host, port, spelling)), repository, tag, digest)
  .map(([registry, path, ...image]) => {
    const start = registry === null ? "" : `${registry[2](registry[0])}${registry[1]}/`;
    return `${start}${path}${image.join("")}`;
  });
/** One character of a reference is another one, or one more. */
const misspelt = fc
  .tuple(reference, fc.nat(), fc.constantFrom(..."aA0./:@-_ \n\u0000é\u0130[]%*\u{1f600}"), fc.boolean())
  .map(([text, at, character, isMore]) => {
    const index = at % (text.length + 1);
    return `${text.slice(0, index)}${character}${text.slice(index + (isMore ? 0 : 1))}`;
  });
const oddImage = fc.constantFrom(
  "",
  " ",
  hex.repeat(4),
  `docker.io/${hex.repeat(4)}`,
  `ghcr.io/${"a".repeat(504)}`,
  `ghcr.io/${"a".repeat(505)}`,
  `${"a/".repeat(200)}a`,
  "my_registry.corp/app",
  "quay.io",
  "redis:7",
  "::1/app",
  "[::1/app",
  "[]/app",
  "[::1]x/app",
  "[::1]:/app",
  "https://ghcr.io/a",
  "user@ghcr.io/a",
);
/** Any JSON value; a lone surrogate is left to the SDK, which has no text for it. */
const anything = fc.jsonValue({ maxDepth: 2, stringUnit: "grapheme" });
const image = fc.oneof(
  { weight: 12, arbitrary: reference },
  { weight: 2, arbitrary: misspelt },
  { weight: 1, arbitrary: oddImage },
  { weight: 1, arbitrary: anything },
);

const hostPattern = fc.oneof(
  { weight: 3, arbitrary: host },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "*.example.com",
      "**.example.com",
      "a*.example.com",
      "*.a.example.com",
      "*.*.example.com",
      "**.*.com",
      "**.e*e.com",
      "*.dkr.ecr.*.amazonaws.com",
      "*",
      "local*",
      "**",
      "**",
    ),
  },
);
const portPattern = fc.constantFrom("", "", "", ":443", ":5000", ":*", ":0");
const componentPattern = fc.constantFrom(
  "a",
  "b",
  "team",
  "nginx",
  "library",
  "*",
  "a*",
  "*b",
  "a*b",
  "*a*",
  "**",
  "**",
);
const repositoryPattern = fc.array(componentPattern, { maxLength: 4 }).map((parts) => parts.join("/"));
const tagPattern = fc.constantFrom("", "", "", ":latest", ":v1", ":v*", ":*", ":*-rc*", ":*1*", ":*v*1*2*", ":1.27");
const digestPattern = fc.constantFrom("", "", "", "@*", "@sha256:*", "@*a*", `@${digests[0]}`, "@*1*2*3*");
const pattern = fc
  .tuple(hostPattern, portPattern, repositoryPattern, tagPattern, digestPattern)
  .map(([name, number, path, ...images]) => {
    const written = ["corp", "*", "local*"].includes(name) && number === "" ? ":5000" : number;
    const registry = name === "**" ? name : `${name}${written}`;
    return path === "" ? registry : `${registry}/${path}${images.join("")}`;
  });
const patternItem = fc.oneof(pattern, fc.record({ pattern, reason: fc.string({ minLength: 1, maxLength: 20 }) }));

const namespaceGlob = fc.constantFrom("*", "*", "team-*", "*-prod", "team-a", "*a*", "*e*");
const accountGlob = fc.constantFrom("*", "system:*", "alice", "*li*", "*e", "admins");
const label = fc.constantFrom("env", "team", "kubernetes.io/metadata.name");
const labelValue = fc.constantFrom("prod", "dev", "team-a", "");
const requirement = fc.oneof(
  fc.record({
    key: label,
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.array(labelValue, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key: label, operator: fc.constantFrom("Exists", "DoesNotExist") }),
);
const tagGlob = fc.constantFrom("latest", "v*", "*-rc*", "*", "*1*2*3*", "*a*");

function some<T>(item: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: 1, maxLength });
}

/** Fields that are there or not. */
function optional<T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

/** A field that is there one time in four. */
function rarely<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(item, { freq: 3, nil: undefined }).map((value) => (value === null ? undefined : value));
}

/** The `spec` of a policy; not every one is valid. */
export const spec = optional({
  enforcement: fc.constantFrom("deny", "warn", "audit"),
  match: rarely(
    optional({
      kinds: fc.uniqueArray(fc.constantFrom(...kindNames), { minLength: 6 }),
      namespaces: some(namespaceGlob),
      excludeNamespaces: fc.constantFrom(["kube-*"], ["default"], ["*-prod", "kube-system"]),
      namespaceSelector: optional({
        matchLabels: fc.dictionary(label, labelValue, { maxKeys: 2 }),
        matchExpressions: some(requirement, 2),
      }),
    }),
  ),
  images: optional({
    defaultRegistry: fc.constantFrom("docker.io", "ghcr.io", "corp:5000", "localhost", "index.docker.io:443"),
    allow: some(patternItem, 6),
    deny: some(patternItem),
    require: rarely(
      optional({ registry: fc.constant("explicit"), tag: fc.constant("explicit"), digest: fc.boolean() }),
    ),
    denyTags: rarely(some(tagGlob)),
  }),
  exempt: rarely(
    optional({
      users: some(accountGlob, 1),
      groups: some(accountGlob, 1),
      breakGlass: fc.oneof(
        fc.record({ annotation: fc.constant("ticket") }),
        fc.record({ annotation: fc.constant("ticket"), value: fc.constantFrom("INC-*", "*") }),
      ),
    }),
  ),
});

export type Spec = typeof spec extends fc.Arbitrary<infer T> ? T : never;

/** An image that a pattern of the policy matches, or would but for one thing; else any image. */
export function imageFor({ images = {} }: Spec): fc.Arbitrary<unknown> {
  const texts = [...(images.allow ?? []), ...(images.deny ?? [])].map((item) =>
    typeof item === "string" ? item : item.pattern,
  );
  if (texts.length === 0) return image;
  const instance = fc
    .tuple(fc.constantFrom(...texts), fc.array(fc.nat(), { minLength: 8, maxLength: 8 }))
    .map(([text, choices]) => instanceOf(text, choices));
  return fc.oneof({ weight: 3, arbitrary: instance }, { weight: 1, arbitrary: image });
}

/** A pattern with something in the place of each sign. */
function instanceOf(text: string, choices: readonly number[]): string {
  let next = 0;
  const choose = (words: readonly string[]) => words[(choices[next++ % choices.length] ?? 0) % words.length] ?? "";
  const slash = text.indexOf("/");
  const registry = (slash < 0 ? text : text.slice(0, slash))
    .replace(/^\*\*$/, () => choose(["ghcr.io", "a.example.com:5000", "docker.io"]))
    .replace(/:\*$/, () => choose(["", ":443", ":5000"]))
    .replace(/^\*\*/, () => choose(["a", "a.b", "x-1"]))
    .replace(/\*/g, () => choose(["a", "b", "1", "", "a.b"]));
  const rest = (slash < 0 ? "**" : text.slice(slash + 1))
    .replace(/@[^@]*\*.*$/, () => `@${choose(digests)}`)
    .replace(/\/\*\*(?=\/)/g, () => choose(["", "/a", "/a/b"]))
    .replace(/^\*\*\//, () => choose(["", "a/", "a/b/"]))
    .replace(/\*\*/, () => choose(["a", "a/b", "team/nginx/c"]))
    .replace(/\*/g, () => choose(["a", "b", "1", "-rc", "a/b", ""]));
  const more = /[:@]/.test(rest) ? ["", "", "", "x"] : ["", "", ":v1", ":latest", `@${digests[0]}`];
  return `${registry}/${rest}${choose(more)}`;
}

/** Mostly what it should be, else anything. */
function mostly<T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 15, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: anything });
}

const annotations = mostly(
  fc.dictionary(fc.constantFrom("ticket", "other"), mostly(fc.constantFrom("INC-1", "x", ""))),
);

function podTemplateWith(images: fc.Arbitrary<unknown>) {
  const container = mostly(optional({ name: fc.constant("c"), image: images }));
  const volume = mostly(
    optional({ name: fc.constant("v"), image: mostly(optional({ reference: images })), emptyDir: anything }),
  );
  const podSpec = mostly(
    optional({
      initContainers: mostly(fc.array(container, { maxLength: 2 })),
      containers: mostly(fc.array(container, { maxLength: 3 })),
      ephemeralContainers: mostly(fc.array(container, { maxLength: 1 })),
      volumes: mostly(fc.array(volume, { maxLength: 2 })),
    }),
  );
  return fc.record({ metadata: mostly(optional({ annotations })), spec: podSpec }, { requiredKeys: ["spec"] });
}

/** A review whose request is well-formed and whose object is anything, with images that the policy may know. */
export function reviewFor(written: Spec): fc.Arbitrary<Review> {
  return fc
    .record({
      kind: fc.constantFrom(...kindNames),
      isForeign: fc.nat(20).map((number) => number === 0),
      template: podTemplateWith(imageFor(written)),
      other: anything,
      isOther: fc.nat(20).map((number) => number === 0),
      operation: fc.constantFrom("CREATE", "CREATE", "CREATE", "CREATE", "UPDATE", "UPDATE", "UPDATE", "DELETE", ""),
      subResource: fc.constantFrom(...Array<undefined>(12), "", "ephemeralcontainers", "status"),
      namespace: fc.constantFrom("team-a", "shop-prod", "default", "kube-system", ""),
      userInfo: optional({
        username: fc.constantFrom("", "alice", "bob", "system:serviceaccount:x:y"),
        groups: fc.array(fc.constantFrom("admins", "dev", "", "system:authenticated"), { maxLength: 2 }),
      }),
      namespaceLabels: fc.option(fc.dictionary(label, labelValue)),
    })
    .map(({ kind, isForeign, template, other, isOther, subResource, namespaceLabels, ...request }) => {
      const facts = kinds[kind];
      const object = [...facts.podTemplate].reverse().reduce<JsonObject>((value, key) => ({ [key]: value }), template);
      const group = isForeign ? "example.com" : facts.group;
      return {
        request: {
          uid: "1",
          ...request,
          kind: { group, version: facts.version, kind },
          resource: { group, version: facts.version, resource: facts.resource },
          ...(subResource !== undefined && { subResource }),
          object: isOther ? other : object,
        },
        namespaceLabels,
      };
    });
}
