import { rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { ask, keptConnection } from "./ask.test.data.js";
import { selfSigned } from "./certificates.test.data.js";
import { bundleOf, imageReview, podReview, policyText, trusted } from "./policies.test.data.js";
import { serve } from "./serve.js";
import { folder, serveProcess } from "./serve-process.test.data.js";

const good = podReview(["registry.my.com/a"]);
const bad = podReview(["evil.io/x"]);
const lenient = "images: {allow: [registry.my.com, evil.io]}";

/** Replaced as one, as editors and the kubelet do it. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

test.serial("policies and bundles are served together over TLS, by every process", async (t) => {
  const directory = await folder(t);
  const { cert, key } = await selfSigned("first");
  await writeFile(join(directory, "tls.crt"), cert);
  await writeFile(join(directory, "tls.key"), key);
  await writeFile(join(directory, "policy.yaml"), policyText(trusted));
  await writeFile(join(directory, "bundle.tar.gz"), bundleOf("images: {denyTags: [latest]}", "no-latest"));
  const { port } = await serveProcess(t, {
    paths: [join(directory, "policy.yaml"), join(directory, "bundle.tar.gz")],
    tls: { cert: join(directory, "tls.crt"), key: join(directory, "tls.key") },
  });
  for (let connection = 0; connection < 4; connection++) {
    t.true((await ask({ port, ca: cert, body: podReview(["registry.my.com/a:1"]) })).body.response.allowed);
    t.regex((await ask({ port, ca: cert, body: good })).body.response.status.message, /policy no-latest/);
    t.regex(
      (await ask({ port, ca: cert, body: bad })).body.response.status.message,
      /policy no-latest.*policy trusted/,
    );
  }
  const images = await ask({ port, ca: cert, path: "/image-review", body: imageReview(["evil.io/x:1"]) });
  t.false(images.body.status.allowed);
  const { body } = await ask({ port, ca: cert, path: "/metrics" });
  t.regex(body, /decisions_total\{endpoint="validate",policy="trusted",verdict="deny"\} 4\n/);
  t.regex(body, /registry_policy_stale\{what="policies"\} 0\n/);
});

test.serial("a policy that changes on disk is taken into use, a broken one is not, and that is said", async (t) => {
  const directory = await folder(t);
  const path = join(directory, "policy.yaml");
  await writeFile(path, policyText(trusted));
  const { port, line, lines } = await serveProcess(t, { paths: [path] });
  const isAllowed = async () => (await ask({ port, body: bad })).body.response.allowed;
  const reloads = () => lines.filter(({ msg }) => msg === "policies reloaded").length;
  const metrics = async () => (await ask({ port, path: "/metrics" })).body;
  const ready = () => ask({ port, path: "/readyz" });
  t.false(await isAllowed());

  await replaceFile(path, policyText(lenient));
  await line(({ msg }) => msg === "policies reloaded");
  for (let connection = 0; connection < 4; connection++) t.true(await isAllowed());
  t.regex(await metrics(), /registry_policy_reloads_total\{what="policies",result="success"\} 1\n/);

  await replaceFile(path, policyText("images: {allow: registry.my.com}"));
  await line(({ msg }) => String(msg).startsWith("policies cannot be reloaded"));
  for (let connection = 0; connection < 4; connection++) t.true(await isAllowed());
  t.is((await ready()).status, 200);
  t.regex((await ready()).body.stale[0], /^policies: .*policy\.yaml/s);
  t.regex(await metrics(), /registry_policy_stale\{what="policies"\} 1\n/);

  await rm(path);
  await line(({ why }) => /there is no/.test(String(why)));
  t.true(await isAllowed());

  await replaceFile(path, policyText(trusted));
  await line(({ msg }) => msg === "policies reloaded" && reloads() === 2);
  t.false(await isAllowed());
  t.deepEqual((await ready()).body.stale, []);
  t.regex(await metrics(), /registry_policy_stale\{what="policies"\} 0\n/);
});

test.serial("SIGHUP reloads at once, where nothing has changed too", async (t) => {
  const directory = await folder(t);
  const path = join(directory, "policy.yaml");
  await writeFile(path, policyText(trusted));
  const { port, child, line } = await serveProcess(t, { paths: [path], watch: 3_600_000 });
  await writeFile(path, policyText(lenient));
  t.false((await ask({ port, body: bad })).body.response.allowed);
  child.kill("SIGHUP");
  await line(({ msg }) => msg === "policies reloaded");
  t.true((await ask({ port, body: bad })).body.response.allowed);
});

test.serial("a directory is served as a ConfigMap mounts it, and its files may come and go", async (t) => {
  const directory = await folder(t);
  const mounted = await folder(t);
  await writeFile(join(directory, "first.yaml"), policyText(trusted, "first"));
  await writeFile(join(directory, "second.yaml"), policyText(lenient, "second"));
  await symlink(join(directory, "first.yaml"), join(mounted, "first.yaml"));
  await writeFile(join(mounted, "values.yaml"), "a: b\n");
  const { port, line } = await serveProcess(t, { paths: [mounted] });
  t.deepEqual((await ask({ port, path: "/readyz" })).body.policies, ["first"]);
  await symlink(join(directory, "second.yaml"), join(mounted, "second.yaml"));
  await line(({ policies }) => Array.isArray(policies) && policies.length === 2);
  t.deepEqual((await ask({ port, path: "/readyz" })).body.policies, ["first", "second"]);
});

test.serial("certificates that are renewed serve new connections, and no connection is dropped", async (t) => {
  const directory = await folder(t);
  const [first, second] = [await selfSigned("first"), await selfSigned("second")];
  const [cert, key] = [join(directory, "tls.crt"), join(directory, "tls.key")];
  await writeFile(join(directory, "policy.yaml"), policyText(trusted));
  await writeFile(cert, first.cert);
  await writeFile(key, first.key);
  const { port, line } = await serveProcess(t, { paths: [join(directory, "policy.yaml")], tls: { cert, key } });
  const agent = keptConnection();
  t.teardown(() => agent.destroy());
  const before = await ask({ port, ca: first.cert, agent, body: good });
  t.is(before.certificate?.subject.CN, "first");

  // One without the other: the old ones stay.
  await replaceFile(cert, second.cert);
  await line(({ msg, why }) => String(msg).startsWith("certificates cannot") && /is not that of/.test(String(why)));
  t.is((await ask({ port, ca: first.cert, body: good })).certificate?.subject.CN, "first");

  await replaceFile(key, second.key);
  await line(({ msg }) => msg === "certificates reloaded");
  const kept = await ask({ port, ca: first.cert, agent, body: good });
  t.is(kept.clientPort, before.clientPort);
  t.true(kept.body.response.allowed);
  const both = `${first.cert}\n${second.cert}`;
  let asked = await ask({ port, ca: both, body: good });
  while (asked.certificate?.subject.CN !== "second") asked = await ask({ port, ca: both, body: good });
  t.true(asked.body.response.allowed);
});

test.serial("of a certificate that has ended the log says so, and the metrics say when each ends", async (t) => {
  const directory = await folder(t);
  const ended = await selfSigned("ended", { notBeforeDate: new Date(0), notAfterDate: new Date(86_400_000) });
  const next = await selfSigned("next", { notAfterDate: new Date("2100-01-01T00:00:00Z") });
  const tls = { cert: join(directory, "tls.crt"), key: join(directory, "tls.key") };
  await writeFile(tls.cert, ended.cert);
  await writeFile(tls.key, ended.key);
  await writeFile(join(directory, "policy.yaml"), policyText(trusted));
  const { port, line, lines } = await serveProcess(t, { paths: [join(directory, "policy.yaml")], tls });
  const warned = () => lines.filter(({ msg }) => msg === "the certificate has ended: renew it");
  t.like(warned()[0], { level: "warn", ended: "1970-01-02T00:00:00.000Z" });

  await replaceFile(tls.key, next.key);
  await replaceFile(tls.cert, next.cert);
  await line(({ msg }) => msg === "certificates reloaded");
  const { body } = await ask({ port, ca: next.cert, path: "/metrics" });
  t.regex(body, /registry_policy_certificate_expiry_seconds 4102444800\n/);
  t.is(warned().length, 1);
});

test.serial("with an authority of clients, reviews are for those that it knows, and health for all", async (t) => {
  const directory = await folder(t);
  const [server, client, stranger] = [
    await selfSigned("server"),
    await selfSigned("client"),
    await selfSigned("other"),
  ];
  const tls = { cert: join(directory, "a"), key: join(directory, "b"), clientCa: join(directory, "c") };
  await writeFile(tls.cert, server.cert);
  await writeFile(tls.key, server.key);
  await writeFile(tls.clientCa, client.cert);
  await writeFile(join(directory, "policy.yaml"), policyText(trusted));
  const { port } = await serveProcess(t, { paths: [join(directory, "policy.yaml")], tls });
  t.true((await ask({ port, ca: server.cert, ...client, body: good })).body.response.allowed);
  for (const unknown of [{}, stranger]) {
    const { status, body } = await ask({ port, ca: server.cert, ...unknown, body: good });
    t.is(status, 401);
    t.is(body.response, undefined);
    t.is((await ask({ port, ca: server.cert, ...unknown, path: "/healthz" })).status, 200);
  }
});

test.serial("SIGTERM ends the process with 0, after its drain, in which reviews are answered", async (t) => {
  const directory = await folder(t);
  await writeFile(join(directory, "policy.yaml"), policyText(trusted));
  const { port, child, line, ended } = await serveProcess(t, { paths: [join(directory, "policy.yaml")], drain: 3_000 });
  child.kill("SIGTERM");
  await line(({ msg }) => msg === "draining");
  let ready = await ask({ port, path: "/readyz" });
  while (ready.status === 200) ready = await ask({ port, path: "/readyz" });
  t.is(ready.status, 503);
  t.true((await ask({ port, body: good })).body.response.allowed);
  t.deepEqual(await ended, { code: 0, signal: null });
  await t.throwsAsync(ask({ port, body: good }));
});

test.serial("a process that dies is replaced by one that knows what the others know", async (t) => {
  const directory = await folder(t);
  const path = join(directory, "policy.yaml");
  await writeFile(path, policyText(trusted));
  const { port, line, lines } = await serveProcess(t, { paths: [path], workers: 1 });
  await replaceFile(path, policyText(lenient));
  await line(({ msg }) => msg === "policies reloaded");
  await ask({ port, body: podReview(["other.io/x"]) });
  const refusal = await line(({ msg }) => msg === "refused");
  process.kill(Number(refusal.pid), "SIGKILL");
  await line(({ msg }) => msg === "a process ended unasked and is replaced");
  const answer = async () => {
    for (;;) {
      const asked = await ask({ port, body: bad }).catch(() => undefined);
      if (asked !== undefined) return asked;
    }
  };
  t.true((await answer()).body.response.allowed);
  t.is(lines.filter(({ msg }) => msg === "serving").length, 1);
});

test.serial("a process that cannot be started is tried again, and the others answer", async (t) => {
  const directory = await folder(t);
  const path = join(directory, "policy.yaml");
  await writeFile(path, policyText(trusted));
  const { port, line, lines, child } = await serveProcess(t, { paths: [path] });
  const failures = () => lines.filter(({ why }) => /^a process cannot be started: .*ENOENT/.test(String(why)));
  let asked = 0;
  const refused = async () => {
    asked++;
    t.false((await ask({ port, body: bad })).body.response.allowed);
  };
  await refused();
  const refusal = await line(({ msg }) => msg === "refused");
  await ask({ port, path: "/metrics" });
  child.kill("SIGUSR2");
  process.kill(Number(refusal.pid), "SIGKILL");
  await line(() => failures().length === 2);
  await refused();
  child.kill("SIGUSR2");
  let pids = new Set<unknown>();
  while (pids.size < 2) {
    await refused();
    pids = new Set(lines.filter(({ msg, pid }) => msg === "refused" && pid !== refusal.pid).map(({ pid }) => pid));
  }
  const metrics = String((await ask({ port, path: "/metrics" })).body);
  t.regex(metrics, new RegExp(`decisions_total\\{[^}]*\\} ${asked}\\n`), "what has ended is counted too");
  t.is(lines.filter(({ msg }) => msg === "serving").length, 1);
});

test.serial("nothing is kept of a reload or of a look at the metrics", async (t) => {
  const directory = await folder(t);
  const path = join(directory, "policy.yaml");
  await writeFile(path, policyText(trusted));
  const { port, child, lines, line, words, ended } = await serveProcess(t, { paths: [path], watch: 3_600_000 });
  const isReload = ({ msg }: { msg?: unknown }) => msg === "policies reloaded";
  for (let count = 1; count <= 8; count++) {
    child.kill("SIGHUP");
    await line((one) => isReload(one) && lines.filter(isReload).length === count);
    await ask({ port, path: "/metrics" });
  }
  child.kill("SIGTERM");
  t.deepEqual(await ended, { code: 0, signal: null });
  // Node warns of the eleventh listener for one event: each would keep what a process was told.
  t.deepEqual(words, []);
});

test.serial("without TLS, only a loopback address is listened on", async (t) => {
  for (const host of ["0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example.com"]) {
    const error = await t.throwsAsync(serve({ paths: ["policy.yaml"], host, port: 0 }));
    t.regex(error?.message ?? "", /without TLS/);
  }
});
