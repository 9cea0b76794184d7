import { spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import test from "ava";
import { folderOf, isGolden, runCommand } from "../testing/run-command.js";

const main = fileURLToPath(new URL("../main.js", import.meta.url));

const policy = `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: { name: ours }
spec: { images: { allow: [registry.my.com] } }
`;

const review = (image: string) => ({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  request: {
    uid: "u-1",
    operation: "CREATE",
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: { group: "", version: "v1", resource: "pods" },
    namespace: "default",
    userInfo: { username: "alice" },
    object: { metadata: { name: "p" }, spec: { containers: [{ name: "c", image }] } },
  },
});

test.serial("a policy is served until the process is told to end, and it ends with 0", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": policy });
  const words = ["serve", "policy.yaml", "--insecure-http", "--port", "0", "--workers", "1", "--drain", "0"];
  const child = spawn(process.execPath, [main, ...words], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const { msg, url, policies } = await next();
  t.is(msg, "serving");
  t.deepEqual(policies, ["ours"]);
  const ask = async (image: string) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(review(image));
    const answer = await fetch(`${url}/validate`, { method: "POST", headers, body });
    return ((await answer.json()) as { response: { allowed: boolean; status: { message: string } } }).response;
  };
  t.true((await ask("registry.my.com/app")).allowed);
  const refused = await ask("nginx");
  t.false(refused.allowed);
  t.regex(refused.status.message, /is not in the allow list of policy ours/);
  const line = await next();
  t.is(line.msg, "refused");
  t.like(line, { policy: "ours", verdict: "deny", user: "alice" });
  child.kill("SIGTERM");
  t.deepEqual(await ended, { code: 0, signal: null });
});

const refusals: Readonly<Record<string, { words: readonly string[]; error: RegExp }>> = {
  "no certificate": { words: ["policy.yaml"], error: /^error: there is no certificate to serve with\nhelp: / },
  "a certificate without its key": { words: ["policy.yaml", "--tls-cert", "a.crt"], error: /there is no certificate/ },
  "a certificate without TLS": {
    words: ["policy.yaml", "--insecure-http", "--tls-cert", "a.crt"],
    error: /`--insecure-http` and a certificate exclude each other/,
  },
  "no TLS for others": {
    words: ["policy.yaml", "--insecure-http", "--host", "0.0.0.0"],
    error: /^error: reviews would go to `0\.0\.0\.0` without TLS\nhelp: /,
  },
  "a port that is none": {
    words: ["policy.yaml", "--insecure-http", "--port", "65536"],
    error: /`--port 65536` is not a whole number from 0 to 65535/,
  },
  "no processes": {
    words: ["policy.yaml", "--insecure-http", "--workers", "0"],
    error: /`--workers 0` is not a whole number from 1 to 256/,
  },
  "a deadline for ever": {
    words: ["policy.yaml", "--insecure-http", "--deadline", "Infinity"],
    error: /`--deadline Infinity` is not a number from 0\.1 to 30/,
  },
  "an option twice": {
    words: ["policy.yaml", "--insecure-http", "--port", "1", "--port", "2"],
    error: /^error: .*`--port`/,
  },
  "no policy": { words: ["--insecure-http"], error: /^error: / },
  "a policy that is not there": {
    words: ["missing.yaml", "--insecure-http", "--port", "0"],
    error: /^error: there is no `missing\.yaml`\nhelp: /,
  },
  "a policy that is wrong": {
    words: ["wrong.yaml", "--insecure-http", "--port", "0"],
    error: /^error: there is an error in the policies:\nerror\[unknown-field\]/,
  },
};

for (const [name, { words, error }] of Object.entries(refusals)) {
  test(`nothing is served of a command line that is wrong: ${name}`, async (t) => {
    const cwd = await folderOf(t, { "policy.yaml": policy, "wrong.yaml": policy.replace("allow", "alow") });
    const { code, out, err } = await runCommand(["serve", ...words], { cwd });
    t.is(code, 1);
    t.is(out, "");
    t.regex(err, error);
  });
}

test("a port that another process listens on is said, and nothing is logged", async (t) => {
  const cwd = await folderOf(t, { "policy.yaml": policy });
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  t.teardown(() => other.close());
  const { port } = other.address() as AddressInfo;
  const words = ["serve", "policy.yaml", "--insecure-http", "--port", String(port)];
  t.deepEqual(await runCommand(words, { cwd }), {
    code: 1,
    out: "",
    err: `error: port ${port} of \`127.0.0.1\` cannot be listened on: another process listens there\nhelp: choose another address or port\n`,
  });
});

test("the options are as they are documented", async (t) => {
  const { out } = await runCommand(["serve", "--help"], { cwd: "." });
  await isGolden(t, "help-serve.txt", out);
});
