import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { generatedRequests, usualExtent } from "@registry-policy/equivalence";
import { parsePolicies } from "@registry-policy/language";
import { Ajv } from "ajv";
import test, { type ExecutionContext } from "ava";
import { checkSchema } from "../schemas/check-schema.js";
import { folderOf, runCommand } from "../testing/run-command.js";

const files = {
  "policy.yaml": `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata:
  name: sample
spec:
  images:
    allow:
      - registry.my.com
`,
  "fixtures.yaml": `apiVersion: registry-policy.dev/v1
kind: Fixtures
cases:
  # The usual ones.
  - {name: our own, image: registry.my.com/app, expect: allow}
  - {name: another, image: evil.example/app, expect: deny}
`,
};

interface Sent {
  readonly request: { readonly uid: string; readonly object?: { readonly spec?: { readonly containers?: object[] } } };
}

/** A webhook as people write it: a prefix without its slash, on the containers of Pods alone. */
async function naiveWebhook(t: ExecutionContext): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { uid, object } = (JSON.parse(Buffer.concat(chunks).toString()) as Sent).request;
    const images = (object?.spec?.containers ?? []).map((one) => String((one as { image?: unknown }).image));
    const bad = images.filter((image) => !image.startsWith("registry.my.com"));
    const allowed = bad.length === 0;
    const answer = { uid, allowed, ...(!allowed && { status: { code: 403, message: bad.join() } }) };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answer }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => void server.close());
  return `webhook=http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** The names of requests that are generated for the policy: one about one image, and one about several. */
function someNames(): string[] {
  const [policy] = parsePolicies({ text: files["policy.yaml"], file: "policy.yaml" }).policies;
  if (policy === undefined) throw new Error("the policy is not read");
  const { cases, combined } = generatedRequests(policy, policy.place.location, usualExtent);
  return [cases[5], combined[0]].map((one) => one?.name ?? "");
}

test("what no fixture asks about is found, shown as a fixture is, and kept by the command that is shown", async (t) => {
  const cwd = await folderOf(t, files);
  const words = ["check", "--engine", await naiveWebhook(t)];
  const alone = await runCommand([...words, "--fixtures-only"], { cwd });
  t.is(alone.code, 0, alone.out + alone.err);
  t.notRegex(alone.out, /generated|proved/);

  const { code, out } = await runCommand(words, { cwd });
  t.is(code, 4, out);
  t.regex(out, /^✗ generated: \d+ requests, \d+ disagreements( \(\d+ requests asked together in \d+\))?$/m);
  // The plainest of them are shown.
  t.is(out.match(/✗ disagreement: /g)?.length, 5);
  t.regex(out, /^… and \d+ more like these: `--output json` has all of them$/m);
  t.regex(out, /✗ disagreement: generated\/\S+\n {2}policy\.yaml:4:9, policy sample\n/);
  t.regex(out, /✗ 2 cases, 0 disagreements, 0 failures, and \d+ disagreements about generated\s+requests/);
  t.regex(out, /says `allow` where the reference evaluator says `deny`/);
  const command = / {4}registry-policy (check policy\.yaml --keep \S+)\n/.exec(out)?.[1] ?? "";

  const before = await readFile(join(cwd, "fixtures.yaml"), "utf8");
  const kept = await runCommand(command.split(" "), { cwd });
  t.deepEqual(kept, { code: 0, out: "fixtures.yaml\n", err: "" });
  const after = await readFile(join(cwd, "fixtures.yaml"), "utf8");
  t.true(after.startsWith(`${before}  - name: generated/`), after);
  const again = await runCommand(["check", "--engine", "opa", "--fixtures-only"], { cwd });
  t.is(again.code, 0, again.out);
  t.regex(again.out, /3 cases, 0 disagreements, 0 failures/);
});

test("the JSON has each disagreement with its request", async (t) => {
  const cwd = await folderOf(t, files);
  const { code, out } = await runCommand(["check", "--output", "json", "--engine", await naiveWebhook(t)], { cwd });
  t.is(code, 4);
  const report = JSON.parse(out);
  const validate = new Ajv({ allowUnionTypes: true }).compile(checkSchema);
  t.true(validate(report), JSON.stringify(validate.errors));
  t.deepEqual(report.summary, { cases: 2, disagreements: 0, failures: 0 });
  const [{ generated }] = report.policies;
  t.true(generated.requests > generated.disagreements.length);
  const names: string[] = generated.disagreements.map(({ name }: { name: string }) => name);
  t.true(
    names.some((name) => name.startsWith("generated/registry.my.com.evil.example/app")),
    names.join("\n"),
  );
  for (const { name, ok, review } of generated.disagreements) {
    t.regex(name, /^generated\//);
    t.false(ok);
    t.is(typeof review.request.operation, "string");
  }
});

test("more is generated where the run may take its time", async (t) => {
  const cwd = await folderOf(t, files);
  const requests = async (...options: string[]) => {
    const { out } = await runCommand(["check", "--engine", "opa", "--output", "json", ...options], { cwd });
    return JSON.parse(out).policies[0].generated?.requests;
  };
  const usual = await requests();
  t.true(usual > 50);
  t.true((await requests("--thorough")) > usual * 2);
  t.is(await requests("--fixtures-only"), undefined);
});

test("a request is kept once, and only where there is such a one", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": files["policy.yaml"] });
  const unknown = await runCommand(["check", "--keep", "generated/nothing"], { cwd });
  t.is(unknown.code, 1);
  t.regex(unknown.err, /no request that is generated is named `generated\/nothing`\nhelp: /);

  const [known = "", several = ""] = someNames();
  t.is((await runCommand(["check", ".", "--keep", several], { cwd })).code, 0);
  t.is((await runCommand(["check", ".", "--keep", known], { cwd })).code, 0);
  t.regex(await readFile(join(cwd, "fixtures.yaml"), "utf8"), /^policy: sample$/m);
  const twice = await runCommand(["check", ".", "--keep", known], { cwd });
  t.is(twice.code, 1);
  t.regex(twice.err, /the policy `sample` has a fixture `.*` already/);
});
