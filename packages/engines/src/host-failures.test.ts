import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { startHost } from "./engine-host.js";
import { fakeHost, startFakeHost } from "./fake-host.test.data.js";
import { findHost, hostVariable } from "./find-host.js";
import { connect } from "./host-connection.js";
import { HostError, type HostErrorCode } from "./host-error.js";
import { policyOf } from "./judged.test.data.js";
import { pod, review } from "./review.test.data.js";
import { runningHost } from "./running-host.test.data.js";
import { protocolVersion } from "./stdio-protocol.js";

const good = review({ object: pod(["registry.corp/app"]) });
const evil = review({ object: pod(["evil/app"]) });

async function fails(
  t: ExecutionContext,
  what: Promise<unknown>,
  code: HostErrorCode,
  message: RegExp,
  help: RegExp,
): Promise<void> {
  const error = await t.throwsAsync(what, { instanceOf: HostError });
  t.is(error.code, code);
  t.regex(error.message, message);
  t.regex(error.help, help);
  t.notRegex(error.message, /^[A-Z]|\.$/);
}

test.serial("a host that the variable names and that is not there is named with the variable", async (t) => {
  const missing = () => findHost({ [hostVariable]: "/nowhere/registry-policy-host" });
  await fails(
    t,
    Promise.resolve().then(missing),
    "host-missing",
    /`\/nowhere\/registry-policy-host`, where `REGISTRY_POLICY_HOST` says/,
    /unset it/,
  );
});

test.serial("a host that cannot be started says each way to another", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "host-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "host"), "not a program", { mode: 0o644 });
  for (const path of [join(folder, "absent"), join(folder, "host"), folder, "no\u0000path"]) {
    await fails(
      t,
      startHost({ path }),
      "host-missing",
      /cannot be started/,
      /npm run setup[\s\S]*host-\w+-\w+[\s\S]*REGISTRY_POLICY_HOST/,
    );
  }
});

test.serial("a host of another protocol is refused with its version", async (t) => {
  await fails(
    t,
    startHost(fakeHost("another protocol")),
    "host-version",
    /is version 9\.9\.9 and speaks protocol 3, where protocol 2 is needed/,
    /another version of registry-policy/,
  );
});

test.serial("a host that says nothing is given up", async (t) => {
  await fails(
    t,
    startHost({ ...fakeHost("no hello"), startTimeout: 300 }),
    "host-hanging",
    /has not said what it is for 0\.3 s/,
    /`version`/,
  );
});

test.serial("a host that greets with something else is shown with the beginning of it", async (t) => {
  await fails(
    t,
    startHost(fakeHost("garbage for a hello")),
    "host-garbage",
    /`Segmentation fault`/,
    /REGISTRY_POLICY_HOST/,
  );
  await fails(
    t,
    startHost(fakeHost("a hello without versions")),
    "host-garbage",
    /not of its protocol/,
    /of this version/,
  );
});

test.serial("a program that ends at once has ended", async (t) => {
  const options = { path: process.execPath, arguments: ["-e", "console.error('wrong loader'); process.exit(127)"] };
  await fails(t, startHost(options), "host-ended", /ended with code 127/, /it said: wrong loader/);
});

const judging = /judging request 1 of 1 with `gatekeeper` \(the first: CREATE Pod team-a\/p\)/;

const failures: [Parameters<typeof startFakeHost>[0], HostErrorCode, RegExp, RegExp][] = [
  ["hangs", "host-hanging", /has not answered for 2 s while judging/, /fewer requests/],
  ["dies of a signal", "host-ended", /was killed by SIGTERM while judging/, /it said nothing/],
  ["exits with words", "host-ended", /ended with code 2 while judging/, /it said: fatal error: out of memory/],
  ["closes its output", "host-ended", /closed its output while judging/, /it said nothing/],
  ["writes garbage", "host-garbage", /while judging .*`panic: x{73}…`/, /of this version/],
  ["answers another request", "host-garbage", /while judging/, /of this version/],
  ["answers with neither result nor error", "host-garbage", /while judging/, /of this version/],
  ["gives no verdicts", "host-garbage", /something else than verdicts while judging/, /of this version/],
  ["gives one list too few", "host-garbage", /something else than verdicts while judging/, /of this version/],
  [
    "gives one list of verdicts for all",
    "host-garbage",
    /something else than verdicts while judging/,
    /of this version/,
  ],
  ["gives too few verdicts", "host-garbage", /something else than verdicts while judging/, /of this version/],
  ["gives an unknown verdict", "host-garbage", /something else than verdicts while judging/, /of this version/],
  ["gives an error without words", "host-garbage", /something else than verdicts while judging/, /of this version/],
  ["cannot carry out", "host-failed", /judging .* failed: nil map/, /report it/],
];

for (const [behaviour, code, message, help] of failures) {
  // One at a time: each starts a process, and a machine that is busy is no failure of a host.
  test.serial(`a host that ${behaviour} is one error that says what was being judged`, async (t) => {
    const host = await startFakeHost(behaviour);
    const policy = await host.load("gatekeeper", []);
    await fails(t, policy.judge([good]), code, message, help);
    await fails(
      t,
      policy.judge([good]).catch((error) => Promise.reject(error)),
      code,
      judging,
      help,
    );
    await host.close();
  });
}

test.serial("every call that is under way fails with the host, and so does every later one", async (t) => {
  const host = await startFakeHost("hangs");
  const policy = await host.load("gatekeeper", []);
  const calls = [policy.judge([good]), policy.judge([good, good]), host.parseReferences(["nginx"]), policy.unload()];
  for (const call of calls) await t.throwsAsync(call, { instanceOf: HostError, message: /has not answered/ });
  await t.throwsAsync(host.load("opa-rego", []), { instanceOf: HostError, message: /has not answered/ });
  await host.close();
});

test.serial("engines that were asked together fail with one error, which names them", async (t) => {
  const host = await startFakeHost("exits with words");
  const policies = await Promise.all([host.load("gatekeeper", []), host.load("opa-rego", [])]);
  const errors = await Promise.all(
    policies.map((policy) => t.throwsAsync(policy.judge([good]), { instanceOf: HostError })),
  );
  t.is(errors[0], errors[1]);
  t.regex(errors[0]?.message ?? "", /while judging request 1 of 1 with `gatekeeper`, `opa-rego` \(the first: CREATE/);
  await host.close();
});

test.serial("a closed host fails what is under way and what comes after, and closes twice", async (t) => {
  const host = await startFakeHost("hangs");
  const policy = await host.load("gatekeeper", []);
  const underWay = t.throwsAsync(policy.judge([good]), { instanceOf: HostError, message: /has been closed/ });
  await Promise.all([underWay, host.close(), host.close()]);
  await fails(t, policy.judge([good]), "host-closed", /has been closed/, /startHost/);
});

test.serial("a host that does not end with its input is made to", async (t) => {
  const host = await startFakeHost("ignores the end of its input");
  const policy = await host.load("gatekeeper", []);
  t.is((await policy.judge([good]))[0]?.verdict, "allow");
  await host.close();
  t.pass();
});

test.serial("the real host that is killed is one error", async (t) => {
  const host = await runningHost();
  t.teardown(() => host.close());
  const rego = "package kubernetes.admission\n\ndeny contains i if some i in numbers.range(1, 100000000)\n";
  const policy = await host.load("opa-rego", [{ name: "slow.rego", content: rego }]);
  const judged = policy.judge([good]);
  await setImmediate();
  process.kill(host.processId, "SIGKILL");
  await t.throwsAsync(judged, {
    instanceOf: HostError,
    message: /was killed by SIGKILL while judging request 1 of 1 with `opa-rego`/,
  });
});

test.serial("the real host ends with its input, also in the middle of a request", (t) => {
  const request = { id: 1, method: "ping", params: {} };
  const { status, stdout } = spawnSync(findHost(), {
    input: `${JSON.stringify(request)}\n{"id":2,"method":"pi`,
    encoding: "utf8",
  });
  t.is(status, 0);
  const [hello, ...answers] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.is(hello.protocol, protocolVersion);
  t.deepEqual(
    answers.find(({ id }) => id === 1),
    { id: 1, result: {} },
  );
  t.is(answers.find(({ id }) => id !== 1).error.code, "bad-request");
});

const realHost = (...requests: { readonly method: string; readonly params: object }[]) => {
  const lines = requests.map((request, id) => JSON.stringify({ id, ...request }));
  const { stdout } = spawnSync(findHost(), { input: lines.join("\n"), encoding: "utf8" });
  const [, ...answers] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return answers.sort((one, other) => one.id - other.id).map(({ result, error }) => result ?? error);
};

test.serial("the real host refuses what it does not know", (t) => {
  const unknown = { handle: 77, reviews: [] };
  const answers = realHost(
    { method: "conjure", params: {} },
    { method: "load", params: { engine: "magic", files: [] } },
    { method: "judge", params: { reviews: [], policies: [unknown] } },
    { method: "judge", params: { reviews: [], policies: [], handle: 77 } },
    { method: "judge", params: { reviews: [], policies: [{ ...unknown, review: [] }] } },
    { method: "unload", params: { handle: 77 } },
  );
  t.deepEqual(
    answers.map(({ code }) => code),
    ["unknown-method", "unknown-engine", "unknown-handle", "bad-request", "bad-request", "unknown-handle"],
  );
});

test.serial("the real host judges no more than it says, and only reviews that are there", async (t) => {
  const connection = await connect({ path: findHost(), arguments: [], timeout: 60_000, startTimeout: 60_000 });
  const doing = () => "judging by hand";
  const files = policyOf["opa-rego"]("deny").map(({ name, content }) => ({ name, text: String(content) }));
  const loaded = await connection.call("load", { engine: "opa-rego", files }, doing);
  const handle = "result" in loaded ? loaded.result.handle : t.fail();
  const texts = [good, evil].map((review) => JSON.stringify(review));
  const judge = async (reviews: readonly string[], ...asked: readonly number[][]) => {
    const policies = asked.map((indices) => ({ handle: handle as number, reviews: indices }));
    const answer = await connection.call("judge", { reviews, policies }, doing);
    if ("refused" in answer) return `${answer.refused.code}: ${answer.refused.message}`;
    return answer.result.verdicts.map((list) => list.map(({ verdict }) => verdict));
  };
  t.deepEqual(await judge(texts, [1, 0, 1], [], [0]), [["deny", "allow", "deny"], [], ["allow"]]);
  t.deepEqual(await judge([]), []);
  const unreadable = ["{}", '{"request":null}', '{"request":{"uid":1}}', "null", "1"];
  t.deepEqual(await judge([...unreadable, texts[0] as string], [0, 1, 2, 3, 4, 5]), [
    [...unreadable.map(() => "error"), "allow"],
  ]);
  t.is(await judge(texts, [0], [1, 2]), "bad-request: a policy is asked about `reviews[2]`, where there are 2");
  t.is(await judge([], [0]), "bad-request: a policy is asked about `reviews[0]`, where there are 0");
  t.is(await judge(texts, [-1]), "bad-request: a policy is asked about `reviews[-1]`, where there are 2");
  t.regex(String(await judge(texts, [0.5])), /^bad-request: .* 0\.5 /);
  const many = <T>(length: number, value: T) => new Array<T>(length).fill(value);
  t.is(await judge(texts, ...many(65, [0])), "too-large: 65 policies in one request, where 64 is the limit");
  t.is(await judge(many(10_001, "{}")), "too-large: 10001 reviews in one request, where 10000 is the limit");
  t.is(await judge(texts, many(10_001, 0)), "too-large: 10001 reviews for one policy, where 10000 is the limit");
  t.is((await judge(texts, ...many(64, [0]))).length, 64);
  await connection.close();
});

test.serial("a host that is never closed does not keep a program running", (t) => {
  const program = `import { startHost } from ${JSON.stringify(new URL("./index.js", import.meta.url).href)}; const host = await startHost(); console.log((await host.parseReferences(["nginx"]))[0].path);`;
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    timeout: 120_000,
  });
  t.is(stdout.trim(), "library/nginx");
  t.is(status, 0);
});
