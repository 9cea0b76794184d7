import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EngineHost, startHost } from "@registry-policy/engines";
import type { Review } from "@registry-policy/language";
import test from "ava";
import { InputError } from "../files/input-error.js";
import { type Comparison, compareSides } from "./compare-sides.js";
import type { ComparedFile } from "./compared-documents.js";
import { comparedSide } from "./compared-side.js";
import { openSide } from "./judge-side.js";
import type { Direction } from "./judged-scenes.js";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const examples = join(root, "examples-compare");

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

/** Every example, and the causes that are found in it: all of them, and nothing else. */
const causes: Readonly<Record<string, readonly string[]>> = {
  "only-containers": [
    "+ `initContainers` are not looked at by RIGHT",
    "+ `ephemeralContainers` are not looked at by RIGHT",
  ],
  "prefix-without-slash": ['+ RIGHT matches a prefix: no "/" after "team"'],
  "dots-unescaped": [
    "+ RIGHT takes a dot of `registry.acmecorp.com` for any character: it is not escaped in the regular expression",
  ],
  "kind-never-read": ["+ RIGHT refuses nothing: it reads `input.review.spec.kind`, and a review has no `spec`"],
  "contains-first-container": [
    "+ only the first of `containers` is looked at by RIGHT",
    "+ `initContainers` are not looked at by RIGHT",
    "+ `ephemeralContainers` are not looked at by RIGHT",
    "+ image volumes are not looked at by RIGHT",
    "+ RIGHT looks for `registry.my.com` anywhere in the image",
    "- LEFT allows `registry.my.com` in upper case, which is the same registry, RIGHT does not",
    "+ RIGHT allows what is no valid image reference, LEFT refuses it",
    "+ RIGHT lets pass an entry without an image, which no API server takes, LEFT does not",
  ],
  "controllers-lost": [
    "+ RIGHT does not cover Deployment, ReplicaSet, StatefulSet, DaemonSet, ReplicationController, Job, CronJob",
  ],
  "error-ignored": [
    "+ RIGHT fails with an error, and `failurePolicy: Ignore` lets the request through: " +
      "expression '(object.spec.containers + object.spec.initContainers).all(c, c.image.startsWith(\"registry.my.com/\"))' " +
      "resulted in error: no such key: initContainers",
  ],
  "only-layout": [],
};

test("every example is compared here", (t) => {
  t.deepEqual(readdirSync(examples).sort(), Object.keys(causes).sort());
});

for (const [name, expected] of Object.entries(causes)) {
  test.serial(`the differences of ${name} are found, one for each cause and no more`, async (t) => {
    const { differences, asked } = await compareExample(name);
    t.deepEqual(
      differences.map(({ direction, cause }) => `${direction === "allowed" ? "+" : "-"} ${cause}`),
      [...expected],
    );
    t.true(asked.requests > 1_000);
    for (const { direction, left, right } of differences) {
      t.is(left.outcome, direction === "allowed" ? "refused" : "admitted");
      t.is(right.outcome, direction === "allowed" ? "admitted" : "refused");
    }
  });

  test(`${name} has a README that shows both sides and every cause`, (t) => {
    const readme = readFileSync(join(examples, name, "README.md"), "utf8");
    for (const cause of expected) t.true(readme.includes(`${cause.replace(/^[+-] /, "")}\n`), cause);
    for (const side of ["left", "right"] as const) {
      for (const { text } of filesOf(name, side)) t.true(readme.includes(text));
    }
  });
}

test.serial("what is shown of a prefix without its slash is the smallest manifest", async (t) => {
  const { differences } = await compareExample("prefix-without-slash");
  t.deepEqual(
    differences.map(({ manifest }) => manifest),
    [
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p" },
        spec: { containers: [{ name: "app", image: "registry.my.com/teamx/app" }] },
      },
    ],
  );
});

test.serial("what two images show is told before all others are asked about", async (t) => {
  const started = async () => host;
  const [left, right] = await Promise.all(
    (["left", "right"] as const).map((side) =>
      openSide(comparedSide(filesOf("contains-first-container", side)), started),
    ),
  );
  if (left === undefined || right === undefined) return t.fail();
  let requests = 0;
  const counted = {
    ...left,
    ask(reviews: readonly Review[]) {
      requests += reviews.length;
      return left.ask(reviews);
    },
  };
  const told: [string, number][] = [];
  const { differences } = await compareSides(counted, right, "allowed", async ({ cause }) => {
    told.push([cause, requests]);
  });
  t.deepEqual(
    told.map(([cause]) => cause),
    differences.map(({ cause }) => cause),
  );
  t.true((told[0]?.[1] ?? 0) < requests - 100);
  // Those that differ in one thing from the plainest request are asked about first.
  t.true((told[0]?.[1] ?? 0) < 300, String(told[0]?.[1]));
  await Promise.all([left.close(), right.close()]);
});

test.serial("one direction alone can be asked for", async (t) => {
  const { differences } = await compareExample("contains-first-container", "refused");
  t.deepEqual(
    differences.map(({ direction }) => direction),
    ["refused"],
  );
  t.deepEqual((await compareExample("prefix-without-slash", "refused")).differences, []);
});

test("in one direction two of our own policies are compared exactly, whatever is found in the other", async (t) => {
  const left = own("{ allow: [ghcr.io/acme/**, quay.io] }");
  const right = own('{ allow: [ghcr.io/acme/**], deny: ["ghcr.io/acme/*-q*7"] }');
  const { differences } = await compareFiles(right, left, "refused");
  t.deepEqual(differences, []);
  const narrowed = await compareFiles(
    own("{ allow: [ghcr.io/acme/**] }"),
    own('{ allow: [quay.io, ghcr.io/acme/**], deny: ["ghcr.io/acme/*-q*7"] }'),
    "refused",
  );
  t.deepEqual(
    narrowed.differences.map(({ cause }) => cause),
    ["LEFT allows `ghcr.io/acme/a-q7`, RIGHT does not"],
  );
});

test.serial("what holds on one side holds the other way round on the other", async (t) => {
  const { differences } = await compareFiles(
    filesOf("prefix-without-slash", "right"),
    filesOf("prefix-without-slash", "left"),
  );
  t.deepEqual(
    differences.map(({ direction, cause }) => [direction, cause]),
    [["refused", 'LEFT matches a prefix: no "/" after "team"']],
  );
});

const compiled = ["bank", "break-glass", "digests-required", "eks-public-ecr"];
const targets = ["kyverno-cluster-policy", "gatekeeper", "kyverno-validating-policy", "validating-admission-policy"];

for (const name of compiled) {
  for (const target of targets) {
    test.serial(`nothing is found between the policy of ${name} and what it becomes for ${target}`, async (t) => {
      const folder = join(root, "examples", name);
      const generated = join(folder, "generated", target);
      t.true(existsSync(generated));
      const right = readdirSync(generated).map((file) => fileAt(join(generated, file)));
      const { differences } = await compareFiles([fileAt(join(folder, "policy.yaml"))], right);
      t.deepEqual(
        differences.map(({ cause }) => cause),
        [],
      );
    });
  }
}

test.serial("a policy that only warns is told from one that refuses", async (t) => {
  const [strict] = filesOf("only-layout", "left");
  if (strict === undefined) return t.fail();
  const lax = { ...strict, text: strict.text.replace("failureAction: Enforce", "failureAction: Audit") };
  const { differences } = await compareFiles([strict], [lax]);
  t.deepEqual(
    differences.map(({ cause }) => cause),
    ["RIGHT only records what LEFT refuses"],
  );
});

test.serial(
  "an update that Kyverno lets pass, and a namespace that is left out, are causes of their own",
  async (t) => {
    const [strict] = filesOf("only-layout", "left");
    if (strict === undefined) return t.fail();
    const text = strict.text
      .replace("allowExistingViolations: false", "allowExistingViolations: true")
      .replace("      validate:", "      exclude: { any: [{ resources: { namespaces: [build] } }] }\n      validate:");
    const { differences } = await compareFiles([strict], [{ ...strict, text }]);
    t.deepEqual(
      differences.map(({ cause }) => cause),
      [
        "RIGHT lets an update of an object pass that violated the policy before",
        "RIGHT does not cover the namespace `build`",
      ],
    );
  },
);

test("who is exempt, and the annotation of a broken glass, are causes of their own", async (t) => {
  const strict = `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: { name: a }
spec: { images: { allow: [registry.my.com] } }
`;
  const lax = `${strict.trimEnd().slice(0, -1)}, exempt: { users: [flux], groups: [oncall], breakGlass: { annotation: a.b/ticket, value: "INC-*" } } }\n`;
  const { differences } = await compareFiles([{ path: "a.yaml", text: strict }], [{ path: "b.yaml", text: lax }]);
  t.deepEqual(
    differences.map(({ cause }) => cause),
    ["RIGHT exempts `flux`, the group `oncall`", "RIGHT is lifted by the annotation `a.b/ticket=INC-x`"],
  );
});

test("what becomes of a request on which an engine fails is as the cluster has it", (t) => {
  const onError = (text: string) => comparedSide([{ path: "a.yaml", text }]).onError;
  for (const kind of ["ClusterPolicy", "ValidatingAdmissionPolicy"]) {
    t.is(onError(`kind: ${kind}\nspec: {failurePolicy: Ignore}\n`), "admitted");
    t.is(onError(`kind: ${kind}\nspec: {failurePolicy: Fail}\n`), "refused");
  }
  t.is(onError("kind: ValidatingPolicy\nspec: {failurePolicy: Ignore}\n"), "refused");
});

test.serial("a policy that lets everything pass while its engine is away is noted", async (t) => {
  const [strict] = filesOf("only-layout", "left");
  if (strict === undefined) return t.fail();
  const lax = { ...strict, text: strict.text.replace("spec:\n", "spec:\n  failurePolicy: Ignore\n") };
  const { differences, notes } = await compareFiles([strict], [lax]);
  t.deepEqual(differences, []);
  t.deepEqual(notes, ["RIGHT has `failurePolicy: Ignore`: while its engine is away, or fails, everything is admitted"]);
  t.deepEqual((await compareFiles([lax], [lax])).notes, []);
});

test("a template is judged by the engine that Gatekeeper runs", (t) => {
  const judges = (...engines: string[]) => {
    const code = engines.map((engine) => `{engine: ${engine}}`).join();
    return comparedSide([{ path: "a.yaml", text: `kind: ConstraintTemplate\nspec: {targets: [{code: [${code}]}]}\n` }])
      .judges;
  };
  t.is(judges("Rego"), "gatekeeper");
  t.is(judges("Rego", "K8sNativeValidation"), "gatekeeper-cel");
  t.is(
    comparedSide([{ path: "a.yaml", text: "kind: ConstraintTemplate\nspec: {targets: [{rego: a}]}\n" }]).judges,
    "gatekeeper",
  );
});

const own = (images: string, rest = "") => [
  {
    path: "a.yaml",
    text: `apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: { name: a }\nspec: { images: ${images}${rest} }\n`,
  },
];

test("two of our own policies that say the same in other words are proved equal", async (t) => {
  const { differences, isProof } = await compareFiles(
    own('{ allow: ["ghcr.io/{acme,corp}/**"] }'),
    own("{ allow: [ghcr.io/corp/**, ghcr.io/acme/**] }"),
  );
  t.deepEqual([differences, isProof], [[], true]);
});

test("of a long list the one name is found that the other list lacks", async (t) => {
  const names = Array.from({ length: 80 }, (_, index) => `r-${index}.my.com`);
  const listOf = (list: readonly string[]) => own(`{ allow: [${list.join()}] }`);
  const { differences } = await compareFiles(listOf(names), listOf(names.filter((_, index) => index !== 60)));
  t.deepEqual(
    differences.map(({ direction, cause }) => [direction, cause]),
    [["refused", "LEFT allows what is below `r-60.my.com`, RIGHT does not"]],
  );
});

test("of long texts a sample is asked about, in which the one name is found that the other list lacks", async (t) => {
  const names = Array.from({ length: 1_000 }, (_, index) => `registry-${index}.my.com/team`);
  // The text is an engine's, which goes through it each time; who judges is the evaluator, which does not.
  const sideOf = async (list: readonly string[]) => {
    const image = list.map((name) => `${name}/*`).join(" | ");
    const lists = ["containers", "initContainers"].map((field) => `${field}: [{image: "${image}"}]`).join();
    const text = `kind: ClusterPolicy\nspec: {rules: [{validate: {pattern: {spec: {${lists}}}}}]}\n`;
    const allow = list.map((name) => `${name}/**`).join();
    const judge = await openSide(comparedSide(own(`{ allow: [${allow}] }`)), async () => host);
    return { ...judge, side: comparedSide([{ path: "a.yaml", text }]) };
  };
  const left = await sideOf(names);
  let requests = 0;
  const counted = {
    ...left,
    ask(reviews: readonly Review[]) {
      requests += reviews.length;
      return left.ask(reviews);
    },
  };
  const { differences, asked } = await compareSides(counted, await sideOf(names.filter((_, index) => index !== 600)));
  t.deepEqual(
    differences.map(({ direction, cause }) => [direction, cause]),
    [["refused", "LEFT allows what is below `registry-600.my.com/team`, RIGHT does not"]],
  );
  t.true(requests < 1_200, String(requests));
  t.true(asked.names.found >= 1_000 && asked.names.asked < 60, JSON.stringify(asked.names));
  t.is(asked.thingsApart, 2);
});

test("two of our own policies differ about an image that nobody would ask about", async (t) => {
  const left = own('{ allow: [ghcr.io/acme/**], deny: ["ghcr.io/acme/*-q*7"] }');
  const right = own("{ allow: [ghcr.io/acme/**] }");
  const { differences, isProof } = await compareFiles(left, right);
  t.false(isProof);
  t.deepEqual(
    differences.map(({ direction, cause }) => [direction, cause]),
    [["allowed", "RIGHT allows `ghcr.io/acme/a-q7`, LEFT does not"]],
  );
});

test("of two of our own policies it is known that they differ, even where no request shows it", async (t) => {
  const users = Array.from({ length: 30 }, (_, index) => `robot-${index}`);
  const exempt = (names: readonly string[]) => own("{ allow: [ghcr.io] }", `, exempt: { users: [${names.join()}] }`);
  const { differences, differ, isProof, notes } = await compareFiles(exempt(users), exempt(users.slice(0, -1)));
  t.deepEqual([differences, differ, isProof], [[], true, false]);
  t.regex(notes.join(), /^LEFT and RIGHT differ all the same, .*`registry-policy diff` says in what$/);
});

test.serial("nothing is proved of policies of another scope, nor of an engine's", async (t) => {
  const rule = "{ allow: [ghcr.io/acme/**] }";
  const same = await compareFiles(own(rule), own(rule, ", exempt: { users: [root] }"));
  t.false(same.isProof);
  t.false((await compareExample("only-layout")).isProof);
});

test("files that hold no policy, or two kinds of them, are refused", (t) => {
  const none = t.throws(() => comparedSide([{ path: "a.yaml", text: "kind: Pod\n" }]), { instanceOf: InputError });
  t.is(none?.message, "there is no policy in `a.yaml`");
  const text = "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n---\napiVersion: a/v1\nkind: ValidatingPolicy\n";
  const two = t.throws(() => comparedSide([{ path: "a.yaml", text }]), { instanceOf: InputError });
  t.is(two?.message, "`a.yaml` holds both a ClusterPolicy and a ValidatingPolicy");
  const broken = t.throws(() => comparedSide([{ path: "a.yaml", text: "a: [" }]), { instanceOf: InputError });
  t.regex(broken?.message ?? "", /^`a\.yaml` is no YAML: /);
});

function compareExample(name: string, direction?: Direction): Promise<Comparison> {
  return compareFiles(filesOf(name, "left"), filesOf(name, "right"), direction);
}

async function compareFiles(left: readonly ComparedFile[], right: readonly ComparedFile[], direction?: Direction) {
  const started = async () => host;
  const one = await openSide(comparedSide(left), started);
  const other = await openSide(comparedSide(right), started);
  try {
    return await compareSides(one, other, direction);
  } finally {
    await one.close();
    await other.close();
  }
}

function filesOf(name: string, side: "left" | "right"): ComparedFile[] {
  const folder = join(examples, name);
  const files = readdirSync(folder).filter((file) => file.startsWith(`${side}.`));
  return files.map((file) => fileAt(join(folder, file)));
}

function fileAt(path: string): ComparedFile {
  return { path, text: readFileSync(path, "utf8") };
}
