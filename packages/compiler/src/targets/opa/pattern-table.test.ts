import test from "ava";
import { patternTable } from "./pattern-table.js";
import { policyOf } from "./wasm-judge.test.data.js";

function tableOf(...allow: (string | object)[]) {
  return patternTable(policyOf({ images: { allow } }).images.allow ?? []);
}

test("a pattern stands under its registry and its repository as it is printed", (t) => {
  t.deepEqual(tableOf("registry.my.com", "docker.io/nginx", "ghcr.io:0443/a/**").patterns, {
    "registry.my.com": { "**": true },
    "docker.io": { "library/nginx": true },
    "ghcr.io": { "a/**": true },
  });
});

test("the depths of a registry are the components in front of a `/**` at the end", (t) => {
  t.deepEqual(tableOf("registry.my.com", "ghcr.io/a/b/**", "ghcr.io/c/**", "ghcr.io/d/**", "quay.io/a*/**").depths, {
    "registry.my.com": [0],
    "ghcr.io": [1, 2],
  });
});

test("a reason takes the place of `true`, and the first of several stays", (t) => {
  const first = { pattern: "ghcr.io/a", reason: "ours" };
  t.deepEqual(tableOf(first, "ghcr.io/a", { ...first, reason: "late" }).patterns, { "ghcr.io": { a: "ours" } });
  t.deepEqual(tableOf("ghcr.io/a", first).patterns, { "ghcr.io": { a: "ours" } });
});

test("tags and digests stand apart by whether they have a wildcard", (t) => {
  t.deepEqual(tableOf("ghcr.io/a:1", "ghcr.io/a:v*", "ghcr.io/a@*", "ghcr.io/a").patterns, {
    "ghcr.io": { a: { is: { ":1": true, "": true }, like: { ":v*": true, "@*": true } } },
  });
});

test("one wildcard in a label or a component needs no expression", (t) => {
  const table = tableOf("*.example.com/team-*/app", "ghcr.io/team-*/**");
  t.deepEqual(table.hosts, [{ end: 12, patterns: { ".example.com": { "*.example.com": true } } }]);
  t.deepEqual(table.repositories, {
    "*.example.com": [{ start: 5, patterns: { "team-": { "team-*/app": true } } }],
    "ghcr.io": [{ start: 5, patterns: { "team-": { "team-*/**": "/**" } } }],
  });
});

test("several wildcards are an expression that is anchored and has its dots quoted", (t) => {
  const table = tableOf("*.dkr.ecr.*.amazonaws.com/a.b/*/**/c");
  t.deepEqual(table.hosts, [
    {
      end: 14,
      patterns: { ".amazonaws.com": { "*.dkr.ecr.*.amazonaws.com": "^[^.]+[.]dkr[.]ecr[.][^.]+[.]amazonaws[.]com$" } },
    },
  ]);
  t.deepEqual(table.repositories, {
    "*.dkr.ecr.*.amazonaws.com": [{ start: 4, patterns: { "a.b/": { "a.b/*/**/c": "^a[.]b/[^/]*/(?:[^/]+/)*c$" } } }],
  });
});

test("a repository that may have nothing in front is found by its end without the `/`", (t) => {
  t.deepEqual(tableOf("**/**/debug").repositories, {
    "**": [{ end: 5, patterns: { debug: { "**/debug": "^(?:[^/]+/)*debug$" } } }],
  });
});

test("a thousand patterns with a wildcard are found in one step where their literal texts are of one length", (t) => {
  const names = Array.from({ length: 1000 }, (_, index) => `ghcr.io/app-${1000 + index}-*/x`);
  t.is(tableOf(...names).repositories["ghcr.io"]?.length, 1);
});
