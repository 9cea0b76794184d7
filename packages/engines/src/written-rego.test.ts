import test from "ava";
import { type EngineHost, openEngine, PolicyRefused, startHost } from "./index.js";
import { pod, review } from "./review.test.data.js";

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

async function verdicts(rego: string, entrypoint: string, images: readonly unknown[]) {
  const files = [
    { name: "a.rego", content: rego },
    { name: "asked.entrypoint", content: entrypoint },
  ];
  const loaded = await openEngine("opa-rego", host).load(files);
  return loaded.judge(images.map((image) => review({ object: pod([image]) })));
}

test("Rego of version 0 with a built-in of its time is judged by the rule that is asked for", async (t) => {
  const rego = `package mine
deny[msg] { image := input.request.object.spec.containers[_].image; not re_match("^a/", image); msg := image }`;
  const [good, bad] = await verdicts(rego, "mine/deny", ["a/x", "b/x"]);
  t.is(good?.verdict, "allow");
  t.is(bad?.verdict, "deny");
  t.deepEqual(bad?.messages, ["b/x"]);
});

test("a rule called allow refuses where it is false or undefined", async (t) => {
  const rego = `package mine
allow if startswith(input.request.object.spec.containers[0].image, "a/")`;
  const said = await verdicts(rego, "data.mine.allow", ["a/x", "b/x", 7]);
  t.deepEqual(
    said.map(({ verdict }) => verdict),
    ["allow", "deny", "deny"],
  );
});

test("a built-in that fails makes its rule undefined, as in OPA's server", async (t) => {
  const rego = `package mine
deny contains "bad" if not startswith(input.request.object.spec.containers[0].image, "a/")
deny contains "short" if count(input.request.object.spec.containers[0].image) < 3`;
  const [number] = await verdicts(rego, "mine.deny", [7]);
  t.deepEqual(number?.messages, ["bad"]);
});

test("the response of an AdmissionReview is read, and an answer of no known form is an error", async (t) => {
  const rego = `package system
main := {"response": {"allowed": input.request.object.spec.containers[0].image == "a", "status": {"message": "no"}}}
odd := "yes"`;
  const said = await verdicts(rego, "system/main", ["a", "b"]);
  t.deepEqual(
    said.map(({ verdict, messages }) => [verdict, ...messages]),
    [["allow"], ["deny", "no"]],
  );
  const [odd] = await verdicts(rego, "system/odd", ["a"]);
  t.is(odd?.verdict, "error");
});

test("what is wrong is said of the version in which the Rego is written", async (t) => {
  const older = `package mine
deny[msg] { not startswith(input.request.object.spec.containers[_].image, "a/"); msg := "no" }`;
  await t.throwsAsync(verdicts(older, "mine/deny", []), {
    instanceOf: PolicyRefused,
    message: /rego_unsafe_var_error/,
  });
  const newer = `package mine
deny contains msg if { not startswith(input.request.object.spec.containers[_].image, "a/"); msg := other }`;
  await t.throwsAsync(verdicts(newer, "mine/deny", []), { instanceOf: PolicyRefused, message: /unsafe/ });
});

test("Rego that asks the network is refused, and not asked", async (t) => {
  const rego = `package mine
deny contains "no" if http.send({"method": "get", "url": "http://127.0.0.1:9/"}).status_code == 200`;
  await t.throwsAsync(verdicts(rego, "mine/deny", []), { instanceOf: PolicyRefused, message: /http\.send/ });
});

test("an entrypoint that no file has is refused", async (t) => {
  const error = await t.throwsAsync(() => verdicts("package mine\nx := 1", "mine/deny", []), {
    instanceOf: PolicyRefused,
  });
  t.regex(error?.message ?? "", /no file has the rule `mine\/deny`/);
});
