import { Ajv } from "ajv";
import test from "ava";
import { judgeSchema } from "../schemas/judge-schema.js";
import { folderOf, runCommand } from "../testing/run-command.js";
import { sampleFiles } from "../testing/sample-files.js";

function request(uid: string, image: string): object {
  return {
    uid,
    operation: "CREATE",
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: { group: "", version: "v1", resource: "pods" },
    namespace: "default",
    userInfo: {},
    object: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers: [{ name: "c", image }] } },
  };
}

const validate = new Ajv({ allowUnionTypes: true }).compile(judgeSchema);

test("each request is answered on a line of its own, in their order, by every engine", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const lines = [
    JSON.stringify(request("a", "nginx:1.27")),
    "",
    JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: request("b", "evil/x:1") }),
  ];
  const { code, out, err } = await runCommand(["judge", "policy.yaml"], { cwd, input: lines.join("\n") });
  t.is(err, "");
  t.is(code, 0);
  const answers = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const answer of answers) t.true(validate(answer), JSON.stringify(validate.errors));
  t.deepEqual(
    answers.map(({ uid }) => uid),
    ["a", "b"],
  );
  for (const [index, verdict] of ["allow", "warn"].entries()) {
    const { verdicts } = answers[index];
    t.true(Object.keys(verdicts).length >= 4);
    for (const name of Object.keys(verdicts)) t.is(verdicts[name].verdict, verdict, name);
  }
});

test("a line that is no request is answered with an error, and ends with 1", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  const good = JSON.stringify(request("c", "nginx:1.27"));
  const long = `{"uid":"${"x".repeat(3 * 1024 * 1024)}"}`;
  const input = ["{", '{"uid":"b"}', long, good].join("\n");
  const { code, out, err } = await runCommand(["judge", "policy.yaml", "--engine", "opa"], { cwd, input });
  t.is(code, 1);
  const answers = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const answer of answers) t.true(validate(answer), JSON.stringify(validate.errors));
  t.deepEqual(
    answers.map(({ uid, line }) => [uid, line]),
    [
      [null, 1],
      ["b", 2],
      [null, 3],
      ["c", undefined],
    ],
  );
  t.regex(err, /error: line 1 is no admission request: it is no JSON/);
  t.regex(err, /error: line 3 is no admission request: it is longer than/);
});

test("no request at all is no failure", async (t) => {
  const cwd = await folderOf(t, sampleFiles);
  t.like(await runCommand(["judge", "policy.yaml", "--engine", "opa"], { cwd }), { code: 0, out: "" });
});
