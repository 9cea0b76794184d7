import { type Policy, parsePolicies } from "@registry-policy/language";
import test from "ava";
import { parse } from "yaml";
import { compilePolicies } from "../../compile-policies.js";
import { loadTemplates } from "../../templates.js";
import { gatekeeper } from "../gatekeeper/index.js";
import { gatekeeperCel } from "./index.js";

const templates = loadTemplates();

function policyOf(name: string, images: object): Policy {
  const policy = { apiVersion: "registry-policy.dev/v1", kind: "RegistryPolicy", metadata: { name }, spec: { images } };
  const [parsed] = parsePolicies({ text: JSON.stringify(policy), file: "p.yaml" }).policies;
  if (parsed === undefined) throw new Error("no policy");
  return parsed;
}

/** The files by their paths below the target's folder. */
function emitted(target: typeof gatekeeperCel, ...policies: readonly Policy[]): Map<string, string> {
  const { artifacts } = compilePolicies(policies, { targets: [target], templates });
  return new Map(artifacts.map(({ path, content }) => [path.slice(target.id.length + 1), String(content)]));
}

const small = policyOf("small", { allow: ["registry.my.com"] });
const large = policyOf("large", {
  allow: ["ghcr.io/acme/**", "quay.io/a/b/c/d/e/**", "*.my.com"],
  deny: [{ pattern: "ghcr.io/acme/sandbox/**", reason: "Sandbox images\nare never scanned." }],
  denyTags: ["latest"],
  require: { digest: true },
});

test("all policies share one template", (t) => {
  const both = emitted(gatekeeperCel, small, large);
  t.deepEqual(
    [...both.keys()],
    ["constraint-template.yaml", "kustomization.yaml", "large.constraint.yaml", "small.constraint.yaml"],
  );
  for (const policy of [small, large]) {
    t.is(emitted(gatekeeperCel, policy).get("constraint-template.yaml"), both.get("constraint-template.yaml"));
  }
});

test("what has a wildcard before its end is an expression, and what is below too deep a folder", (t) => {
  const { parameters } = parse(emitted(gatekeeperCel, large).get("large.constraint.yaml") ?? "").spec;
  t.deepEqual(parameters.allow.names, { "ghcr.io/acme/": true });
  const expression = new RegExp(parameters.allow.others.replaceAll("(?i:", "(?:"));
  t.true(expression.test("quay.io/a/b/c/d/e/f"));
  t.true(expression.test("x.my.com/a"));
  t.false(expression.test("ghcr.io/acme/a"));
});

test("constraint and template are those in Rego, but for what is looked up and for reasons on more than one line", (t) => {
  const [rego, cel] = [gatekeeper, gatekeeperCel].map((target) => emitted(target, large));
  const constraints = [rego, cel].map((files) => parse(files?.get("large.constraint.yaml") ?? ""));
  for (const { spec } of constraints) {
    for (const list of ["allow", "deny"]) {
      delete spec.parameters[list].names;
      delete spec.parameters[list].expression;
      delete spec.parameters[list].others;
    }
    for (const told of spec.parameters.deny.reasons) told.reason = told.reason.replace(/\s+/g, " ");
  }
  t.deepEqual(constraints[1], constraints[0]);
  const [one, other] = [rego, cel].map((files) => parse(files?.get("constraint-template.yaml") ?? ""));
  t.deepEqual(other.metadata, one.metadata);
  t.deepEqual(other.spec.crd.spec.names, one.spec.crd.spec.names);
  t.deepEqual(other.spec.targets[0].operations, one.spec.targets[0].operations);
});
