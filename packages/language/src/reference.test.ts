import test from "ava";
import { parseReference, printReference } from "./reference.js";

const hex = (length: number) => "0123456789abcdef".repeat(8).slice(0, length);
const sha256 = `sha256:${hex(64)}`;

const canonical: Record<string, string> = {
  nginx: "docker.io/library/nginx:latest",
  "nginx:1.27": "docker.io/library/nginx:1.27",
  "quay.io": "docker.io/library/quay.io:latest",
  "localhost:5000": "docker.io/library/localhost:5000",
  "acme/app": "docker.io/acme/app:latest",
  "myhost/app": "docker.io/myhost/app:latest",
  "library/nginx": "docker.io/library/nginx:latest",
  "docker.io/nginx": "docker.io/library/nginx:latest",
  "docker.io/library/nginx": "docker.io/library/nginx:latest",
  "index.docker.io/nginx": "docker.io/library/nginx:latest",
  "INDEX.Docker.IO:0443/nginx": "docker.io/library/nginx:latest",
  "DOCKER.IO:443/nginx": "docker.io/library/nginx:latest",
  "index.docker.io:5000/nginx": "index.docker.io:5000/nginx:latest",
  "docker.io:5000/nginx": "docker.io:5000/nginx:latest",
  "registry-1.docker.io/nginx": "registry-1.docker.io/nginx:latest",
  "GHCR.io:0443/acme/x": "ghcr.io/acme/x:latest",
  "ghcr.io:00080/x": "ghcr.io:80/x:latest",
  "ghcr.io:0/x": "ghcr.io:0/x:latest",
  "ghcr.io:000/x": "ghcr.io:0/x:latest",
  "x:99999/app": "x:99999/app:latest",
  "localhost/app": "localhost/app:latest",
  "LOCALHOST/app": "localhost/app:latest",
  "localhost:443/app": "localhost/app:latest",
  "localhost:5000/app": "localhost:5000/app:latest",
  "corp:443/app": "corp:443/app:latest",
  "corp:0443/app": "corp:443/app:latest",
  "Corp/app": "corp:443/app:latest",
  "1.2.3/app": "1.2.3/app:latest",
  "10.0.0.7:5000/app": "10.0.0.7:5000/app:latest",
  "[::1]:5000/app": "[::1]:5000/app:latest",
  "[2001:DB8::1]:443/app": "[2001:db8::1]/app:latest",
  "[AB]/app": "[ab]:443/app:latest",
  "a-b.c--d.io/x": "a-b.c--d.io/x:latest",
  "ghcr.io/a/b/c/d:v1": "ghcr.io/a/b/c/d:v1",
  "ghcr.io/a__b/c---d/e.f_g": "ghcr.io/a__b/c---d/e.f_g:latest",
  [`ghcr.io/x:_${"a".repeat(127)}`]: `ghcr.io/x:_${"a".repeat(127)}`,
  "ghcr.io/x:V1.2-Rc_3": "ghcr.io/x:V1.2-Rc_3",
  [`ghcr.io/x@${sha256}`]: `ghcr.io/x@${sha256}`,
  [`ghcr.io/x:v1@${sha256}`]: `ghcr.io/x:v1@${sha256}`,
  [`x@sha384:${hex(96)}`]: `docker.io/library/x@sha384:${hex(96)}`,
  [`x@sha512:${hex(128)}`]: `docker.io/library/x@sha512:${hex(128)}`,
  [`sha256:${hex(64)}`]: `docker.io/library/sha256:${hex(64)}`,
  [hex(63)]: `docker.io/library/${hex(63)}:latest`,
  [`a/${hex(64)}`]: `docker.io/a/${hex(64)}:latest`,
};

for (const [text, expected] of Object.entries(canonical)) {
  test(`\`${text}\` is pulled as \`${expected}\``, (t) => {
    const reference = parseReference(text, "docker.io");
    if ("invalid" in reference) return t.fail(reference.invalid);
    t.is(printReference(reference), expected);
  });
}

const invalid: Record<string, RegExp> = {
  "": /empty/,
  " nginx": /space/,
  "nginx ": /space/,
  "nginx\n": /control/,
  "ng\u0000inx": /control/,
  "nginx\u007f": /control/,
  "bücher/x": /ASCII/,
  "nginx\u200b": /ASCII/,
  "\ud800": /ASCII/,
  [hex(64)]: /image id/,
  [`${"a".repeat(510)}/bc`]: /longer than 512/,
  "x/App": /upper-case/,
  Foo: /upper-case/,
  "Foo:v1": /upper-case/,
  "a//b": /empty/,
  "/a": /empty/,
  "a/": /empty/,
  "ghcr.io/": /empty/,
  "a/../b": /component/,
  a___b: /component/,
  "a._b": /component/,
  "a..b/x": /host/,
  "-a": /component/,
  "a-": /component/,
  a_: /component/,
  "foo/bar.": /component/,
  "user@h/x": /digest/,
  "https://h/x": /port/,
  "*": /component/,
  "ghcr.io/*": /component/,
  "x:": /tag is empty/,
  "x@": /digest/,
  "x:-t": /tag/,
  "x:.t": /tag/,
  "x:a:b": /tag/,
  "x:a/b": /port/,
  [`x:${"t".repeat(129)}`]: /tag/,
  "h:/x": /port/,
  "h:abc/x": /port/,
  "h:-1/x": /port/,
  ":5000/x": /host/,
  "my_registry.corp/app": /host/,
  "registry.corp./app": /host/,
  "-bad.corp/x": /host/,
  "bad-.corp/x": /host/,
  "::1/app": /host/,
  "[::1/app": /host/,
  "[]:5000/app": /host/,
  "[fe80::1%25eth0]/app": /host/,
  "[::1]x/app": /host/,
  "[::1]:/app": /port/,
  "[AB/x": /host/,
  "a:1:2/x": /port/,
  [`x@sha256:${hex(63)}`]: /digest/,
  [`x@sha256:${hex(64).toUpperCase()}`]: /digest/,
  [`x@sha512:${hex(64)}`]: /digest/,
  [`x@md5:${hex(32)}`]: /digest/,
  [`x@${sha256}@${sha256}`]: /digest/,
  [`x@${sha256}:v1`]: /digest/,
};

for (const [text, expected] of Object.entries(invalid)) {
  test(`${JSON.stringify(text).slice(0, 80)} is no reference: ${expected.source}`, (t) => {
    const reference = parseReference(text, "docker.io");
    if (!("invalid" in reference)) return t.fail(printReference(reference));
    t.regex(reference.invalid, expected);
  });
}

test("a reference of 512 characters is read, one of 513 is not", (t) => {
  const text = `ghcr.io/${"a/".repeat(252)}`;
  t.is(text.length, 512);
  t.false("invalid" in parseReference(`${text.slice(0, -1)}a`, "docker.io"));
  t.true("invalid" in parseReference(`${text}a`, "docker.io"));
});

test("a short name is pulled from the default registry", (t) => {
  const pulled = (text: string, defaultRegistry: string) => {
    const reference = parseReference(text, defaultRegistry);
    return "invalid" in reference ? reference.invalid : printReference(reference);
  };
  t.is(pulled("nginx", "quay.io"), "quay.io/nginx:latest");
  t.is(pulled("acme/app:v1", "mirror:5000"), "mirror:5000/acme/app:v1");
  t.is(pulled("nginx", "[::1]:5000"), "[::1]:5000/nginx:latest");
  t.is(pulled("docker.io/nginx", "quay.io"), "docker.io/library/nginx:latest");
});

test("what was written and what was filled in are told apart", (t) => {
  const written = (text: string) => {
    const reference = parseReference(text, "docker.io");
    return "invalid" in reference ? [] : [reference.registryIsExplicit, reference.tagIsExplicit, reference.tag];
  };
  t.deepEqual(written("nginx"), [false, false, "latest"]);
  t.deepEqual(written("nginx:latest"), [false, true, "latest"]);
  t.deepEqual(written("docker.io/nginx"), [true, false, "latest"]);
  t.deepEqual(written(`acme/nginx@${sha256}`), [false, false, undefined]);
  t.deepEqual(written(`ghcr.io/nginx:v1@${sha256}`), [true, true, "v1"]);
});
