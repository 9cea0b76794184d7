import { compilePolicies, loadTemplates, targets } from "@registry-policy/compiler";
import { type EngineHost, openEngine, startHost } from "@registry-policy/engines";
import { evaluate, type Policy, parsePolicies, type Review } from "@registry-policy/language";
import test from "ava";
import { usualExtent } from "../generated/extent.js";
import { type GeneratedRequests, generatedRequests } from "../generated/generated-requests.js";
import type { PanelVerdict } from "./agreement.js";
import { checkPolicies } from "./check-policies.js";
import { judgeTogether } from "./judge-together.js";
import { defaultEngines, engineParts } from "./judged-by.js";

function policyWith(spec: string): Policy {
  const text = `apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: {name: p}\nspec: ${spec}\n`;
  const [policy] = parsePolicies({ text, file: "policy.yaml" }).policies;
  if (policy === undefined) throw new Error("the policy is not read");
  return policy;
}

const generatedFor = (policy: Policy) => generatedRequests(policy, policy.place.location, usualExtent);
const combinationsOf = ({ combined }: GeneratedRequests) =>
  combined.map(({ review, of }) => ({ review, of: of.map((one) => one.review) }));

/** What an engine says that is right, but for the images that it admits and those that it does not name. */
function says(policy: Policy, review: Review, { admits = "", most = Number.POSITIVE_INFINITY }): PanelVerdict {
  const { verdict, violations } = evaluate(policy, review);
  const images = [...new Set(violations.map(({ image }) => image))].filter((image) => image !== admits);
  const isAdmitted = violations.length > 0 && images.length === 0;
  return { verdict: isAdmitted ? "allow" : verdict, images: images.slice(0, most), messages: [] };
}

const list = policyWith("{images: {allow: [registry.my.com]}}");
const requests = generatedFor(list);

test("an engine is asked once about what one request can ask about, and says of each what it says of all", async (t) => {
  const asked: Review[] = [];
  const ask = async (reviews: readonly Review[]) => {
    asked.push(...reviews);
    return reviews.map((review) => says(list, review, {}));
  };
  const reviews = requests.cases.map(({ review }) => review);
  const verdicts = await judgeTogether(ask, list, reviews, combinationsOf(requests));
  const together = requests.combined.flatMap(({ of }) => of);
  t.true(together.length > 20);
  t.is(asked.length, reviews.length - together.length + requests.combined.length);
  for (const review of reviews) t.deepEqual(verdicts.get(review), says(list, review, {}));
});

test("an engine that does not name every image is asked about each, and what it admits is found", async (t) => {
  const [combination] = requests.combined;
  for (const one of combination?.of ?? []) {
    const [{ image: admits = "" } = {}] = one.expect.images ?? [];
    for (const most of [1, 2, 100]) {
      const ask = async (reviews: readonly Review[]) => reviews.map((review) => says(list, review, { admits, most }));
      const verdicts = await judgeTogether(ask, list, [one.review], combinationsOf(requests));
      t.is(verdicts.get(one.review)?.verdict, "allow", `${admits} ${most}`);
    }
  }
});

for (const [which, kept] of [
  ["first", [0, 1]],
  ["last", [-1]],
] as const) {
  test(`an engine that looks at the ${which} image of each list alone is found`, async (t) => {
    const cut = (key: string, value: unknown) =>
      Array.isArray(value) && /containers$|^volumes$/i.test(key) ? value.slice(...kept) : value;
    const seen = (review: Review) => JSON.parse(JSON.stringify(review), cut) as Review;
    const ask = async (reviews: readonly Review[]) => reviews.map((review) => says(list, seen(review), {}));
    const reviews = requests.cases.map(({ review }) => review);
    const verdicts = await judgeTogether(ask, list, reviews, combinationsOf(requests));
    t.true(reviews.some((review) => verdicts.get(review)?.verdict !== says(list, review, {}).verdict));
  });
}

test("what cannot be asked about has no verdict", async (t) => {
  const ask = async (reviews: readonly Review[]) => reviews.map(() => undefined);
  t.is((await judgeTogether(ask, list, [], combinationsOf(requests))).size, 0);
});

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

/** Policies of which each engine reads another form, and where a wrong one has a registry more. */
const forms = [
  "{images: {allow: [registry.my.com]}}",
  "{images: {allow: [registry.my.com, docker.io/library/nginx], deny: [registry.my.com/old/**]}}",
  "{enforcement: warn, images: {allow: ['*.my.com/team/**']}}",
  "{enforcement: audit, images: {allow: [ghcr.io], denyTags: [latest], require: {tag: explicit}}}",
];

/** The requests that the policy allows and that one request can ask about. */
const allowedTogether = (policy: Policy) =>
  generatedFor(policy).combined.flatMap(({ review, of }) => (evaluate(policy, review).verdict === "allow" ? of : []));

for (const id of defaultEngines) {
  const target = targets.filter((one) => one.id === engineParts[id].target);
  const check = async (policy: Policy, enforced: Policy) => {
    const emitted = compilePolicies([enforced], { targets: target, templates: loadTemplates() }).artifacts;
    const found = { policy, name: { name: "p", place: policy.place }, file: "policy.yaml" };
    const toCheck = { found, cases: [], emitted, generate: () => generatedFor(policy) };
    const { policies } = await checkPolicies([toCheck], [openEngine(id, host)]);
    return policies[0]?.generated;
  };

  test(`an engine is asked about several images in one request where it names each: ${id}`, async (t) => {
    for (const spec of forms) {
      const found = await check(policyWith(spec), policyWith(spec));
      t.deepEqual(found?.disagreements, []);
      const hasAllowed = allowedTogether(policyWith(spec)).length > 0;
      t.is((found?.combined.into ?? 0) > 0, hasAllowed || engineParts[id].namesImages, spec);
    }
  });

  test(`an engine that refuses one of several allowed images of a request is found by that image: ${id}`, async (t) => {
    for (const [index, what, instead, image] of [
      [1, "deny: [", "deny: [registry.my.com/oldx/**, ", "registry.my.com/oldx/app"],
      [3, "denyTags: [", "denyTags: [lates, ", "ghcr.io/app:lates"],
    ] as const) {
      const spec = forms[index] as string;
      const policy = policyWith(spec);
      const wrong = policyWith(spec.replace(what, instead));
      const refused = allowedTogether(policy).filter(({ review }) => evaluate(wrong, review).verdict !== "allow");
      t.true(refused.length > 0, spec);
      const names = (await check(policy, wrong))?.disagreements.map(({ name }) => name) ?? [];
      for (const { name } of refused) t.true(name.includes(image) && names.includes(name), `${name} of ${names}`);
    }
  });

  test(`an engine that admits one of several images of a request is found by that image: ${id}`, async (t) => {
    for (const spec of forms.slice(0, 3)) {
      const [policy, wrong] = [policyWith(spec), policyWith(spec.replace("allow: [", "allow: [evil.example, "))];
      const together = generatedFor(policy).combined.flatMap(({ of }) => of);
      const admitted = together.filter(
        ({ review }) => evaluate(policy, review).verdict !== "allow" && evaluate(wrong, review).verdict === "allow",
      );
      t.true(admitted.length > 0, spec);
      const names = (await check(policy, wrong))?.disagreements.map(({ name }) => name) ?? [];
      for (const { name } of admitted) t.true(names.includes(name), `${name} is not among\n${names.join("\n")}`);
    }
  });
}

test("Gatekeeper's Rego names of several images those that it would refuse alone, whichever of its rules is lost", async (t) => {
  const target = targets.filter(({ id }) => id === "gatekeeper");
  const lost = new Set<string>();
  for (const spec of [...forms.slice(0, 3), "{images: {denyTags: [latest], require: {tag: explicit, digest: true}}}"]) {
    const policy = policyWith(spec);
    const { artifacts } = compilePolicies([policy], { targets: target, templates: loadTemplates() });
    const files = artifacts
      .filter(({ path }) => engineParts.gatekeeper.reads(path))
      .map(({ path, content }) => ({ name: path.slice("gatekeeper/".length), content: String(content) }));
    const template = files.find(({ name }) => name === "constraint-template.yaml")?.content ?? "";
    const rules = template.match(/^ *refused contains [\s\S]*?(?=\n\n)/gm) ?? [];
    t.true(rules.length > 5);
    for (const rule of rules) {
      const without = files.map(({ name, content }) => ({ name, content: content.replace(rule, "") }));
      const loaded = await openEngine("gatekeeper", host).load(without);
      for (const { review, of } of combinationsOf(generatedFor(policy))) {
        const [together, ...alone] = await loaded.judge([review, ...of]);
        const refused = alone.flatMap(({ verdict, images }) => (verdict === "allow" ? [] : images));
        t.deepEqual([...(together?.images ?? [])].sort(), [...new Set(refused)].sort(), rule);
        if (refused.length < of.length) lost.add(rule);
      }
      await loaded.unload();
    }
  }
  t.true(lost.size > 2, "some rules refuse what no other does");
});
