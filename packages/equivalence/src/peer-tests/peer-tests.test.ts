import test from "ava";
import { parse, parseAllDocuments } from "yaml";
import { peerTests, testedTargets } from "./peer-tests.js";
import { everySortOfCase } from "./peer-tests.test.data.js";

const zoo = everySortOfCase();
const made = peerTests([zoo], testedTargets);

function textOf(path: string): string {
  const content = made.artifacts.find((artifact) => artifact.path === path)?.content;
  if (typeof content !== "string") throw new Error(`there is no ${path}`);
  return content;
}

const documentsOf = (path: string) => parseAllDocuments(textOf(path)).map((document) => document.toJS());
const leftOutOf = (target: string) =>
  Object.fromEntries(made.leftOut.filter((one) => one.target === target).map(({ name, why }) => [name, why]));

test("every fixture is a case or left out, for every target that has a command", (t) => {
  t.deepEqual(testedTargets, [
    "kyverno-cluster-policy",
    "kyverno-validating-policy",
    "gatekeeper",
    "gatekeeper-cel",
    "opa",
  ]);
  for (const target of testedTargets) {
    const names = [...made.written, ...made.leftOut].filter((one) => one.target === target).map(({ name }) => name);
    t.deepEqual(names.sort(), zoo.cases.map(({ name }) => name).sort(), target);
  }
});

test("what Kyverno's command cannot say of a request is left out by name", (t) => {
  const both = {
    "unknown labels": "unknown labels",
    "an update from another": "an UPDATE from another object",
    "a connection": "the operation CONNECT",
    "a debug container": "the sub-resource ephemeralcontainers",
    "a foreign kind": "the kind Pod",
    "half a pair": "a text that YAML cannot say",
    "a number": "an object that is not of the types of the API",
  };
  t.deepEqual(leftOutOf("kyverno-cluster-policy"), both);
  const why = "out of the scope of a ValidatingPolicy with a selector";
  t.deepEqual(leftOutOf("kyverno-validating-policy"), {
    ...both,
    "another zone": why,
    "an exempt user": why,
    "a deletion": why,
  });
});

test("gator says whole requests, exempt users among them, but not labels that nobody knows", (t) => {
  const both = { "unknown labels": "unknown labels", "half a pair": "a text that YAML cannot say" };
  t.deepEqual(leftOutOf("gatekeeper"), both);
  t.deepEqual(leftOutOf("gatekeeper-cel"), both);
  t.deepEqual(leftOutOf("opa"), {});
  const withoutUsers = everySortOfCase("audit", "");
  const { leftOut, written } = peerTests([withoutUsers], ["gatekeeper-cel"]);
  t.deepEqual(
    leftOut.map(({ name }) => name),
    ["half a pair"],
  );
  t.is(written.length, withoutUsers.cases.length - 1);
});

test("kyverno-test.yaml has a document for each user and each state of a namespace", (t) => {
  const documents = documentsOf("kyverno-cluster-policy/tests/p/kyverno-test.yaml");
  t.deepEqual(
    documents.map(({ userinfo, values, results, resources, policies }) => ({
      userinfo,
      zone: values.namespaces[0].metadata.labels.zone,
      results: results.map((one: { resources: string[]; result: string }) => `${one.resources[0]} ${one.result}`),
      resources,
      policies,
    })),
    [
      {
        userinfo: undefined,
        zone: "a",
        results: [
          "team-a/ours pass",
          "team-a/ours-2 pass",
          "team-a/theirs-x fail",
          "team-a/an-update fail",
          "team-a/a-deletion skip",
          "team-a/a-backslash fail",
          "team-a/an-image-of-null fail",
        ],
        resources: ["resources.yaml"],
        policies: ["../../p.cluster-policy.yaml"],
      },
      {
        userinfo: undefined,
        zone: "b",
        results: ["team-a/another-zone skip"],
        resources: ["resources-2.yaml"],
        policies: ["../../p.cluster-policy.yaml"],
      },
      {
        userinfo: "user-3.yaml",
        zone: "a",
        results: ["team-a/an-exempt-user skip"],
        resources: ["resources-3.yaml"],
        policies: ["../../p.cluster-policy.yaml"],
      },
      {
        userinfo: "user-4.yaml",
        zone: "a",
        results: ["team-a/another-user fail"],
        resources: ["resources-4.yaml"],
        policies: ["../../p.cluster-policy.yaml"],
      },
    ],
  );
  t.deepEqual(parse(textOf("kyverno-cluster-policy/tests/p/user-4.yaml")).userInfo, { username: "alice" });
  const [, , theirs] = documentsOf("kyverno-cluster-policy/tests/p/resources.yaml");
  t.is(theirs.metadata.name, "theirs-x");
  t.is(theirs.spec.containers[0].image, "nginx");
});

test("a suite has every request with its namespace, as gator knows one", (t) => {
  const [suite] = documentsOf("gatekeeper/tests/p/suite.yaml");
  const [{ template, constraint, cases }] = suite.tests;
  t.is(template, "../../constraint-template.yaml");
  t.is(constraint, "../../p.constraint.yaml");
  for (const { name, object, inventory, assertions } of cases) {
    const written = made.written.find(({ target, id }) => target === "gatekeeper" && id === name);
    t.is(assertions[0].violations, written?.verdict === "deny" ? "yes" : "no", name);
    const { kind, request } = parse(textOf(`gatekeeper/tests/p/${object}`));
    t.is(kind, "AdmissionReview");
    const namespace = parse(textOf(`gatekeeper/tests/p/${inventory[0]}`));
    t.is(namespace.metadata.name, request.namespace);
    t.is(namespace.metadata.labels.zone, name === "another-zone" ? "b" : "a");
  }
});

test("the message of Gatekeeper's Rego names every image that a fixture lists", (t) => {
  const [suite] = documentsOf("gatekeeper/tests/p/suite.yaml");
  const theirs = suite.tests[0].cases.find(({ name }: { name: string }) => name === "theirs-x");
  t.deepEqual(theirs.assertions, [{ violations: "yes" }, { violations: "yes", message: '"nginx"' }]);
});

test("a test in Rego holds OPA to the verdict, the enforcement and the images that are listed", (t) => {
  const rego = textOf("opa/tests/p/p_test.rego");
  t.is(rego.match(/^test_\w+ if \{$/gm)?.length, zoo.cases.length);
  t.regex(rego, /^# "theirs \\"\}\\n\\u2028\{\{x\}\}"\ntest_theirs_x if \{$/m);
  const theirs = rego.slice(rego.indexOf("test_theirs_x"), rego.indexOf("test_another_zone"));
  t.true(theirs.includes('decision.enforcement == "deny"'));
  t.true(theirs.includes("count(decision.violations) == 1"));
  t.true(theirs.includes('some violation in decision.violations; violation.image == "nginx"'));
  t.regex(rego, /test_another_zone if \{[^\0]*?\tnot decision\.scope\n/);
});

test("no text of a fixture ends a comment, for any reader of YAML or Rego", (t) => {
  for (const { path, content } of made.artifacts) {
    for (const line of String(content).split(/[\n\r\u0085\u2028\u2029]/)) t.false(line.startsWith("{{x}}"), path);
  }
});

test("a policy without fixtures, and a target without a command, have no tests", (t) => {
  t.deepEqual(peerTests([{ ...zoo, cases: [] }], testedTargets).artifacts, []);
  t.deepEqual(peerTests([zoo], ["validating-admission-policy"]).artifacts, []);
});
