import test from "ava";
import { policyOf } from "./generated.test.data.js";
import { lintCodes, lintPolicy } from "./lint-policy.js";

/** Each lint of a policy of these images, as `code: message`. */
function lints(images: object): string[] {
  return lintPolicy(policyOf(images)).map(({ code, message }) => `${code}: ${message}`);
}

test("a policy in order has no lints", (t) => {
  t.deepEqual(lints({ allow: ["a.io", "b.io/x/**", "b.io/y", "docker.io/library/nginx"], deny: ["a.io/bad/**"] }), []);
  t.deepEqual(lints({}), []);
});

test("an item that another one covers is named, with an image", (t) => {
  t.deepEqual(lints({ allow: ["a.io/x/y:v1", "a.io/x/**", "**.b.io/x", "c.b.io/x"] }), [
    "covered-pattern: `a.io/x/y:v1` adds nothing to the list: `a.io/x/**` matches `a.io/x/y:v1` and all else that it matches",
    "covered-pattern: `c.b.io/x` adds nothing to the list: `**.b.io/x` matches `c.b.io/x` and all else that it matches",
  ]);
  t.deepEqual(lints({ deny: ["docker.io/**", "index.docker.io/nginx"], allow: ["x.io"] }), [
    "covered-pattern: `index.docker.io/nginx` adds nothing to the list: `docker.io/**` matches `nginx` and all else that it matches",
  ]);
});

test("of two items that say the same the later one is named, once", (t) => {
  t.deepEqual(lints({ allow: ["A.io:0443/x", "a.io/x", "a.io/{x,y}/z", "a.io/{y,x}/z"] }), [
    "covered-pattern: `a.io/x` adds nothing to the list: `A.io:0443/x` matches `a.io/x` and all else that it matches",
    "covered-pattern: `a.io/{y,x}/z` adds nothing to the list: `a.io/{x,y}/z` matches `a.io/x/z` and all else that it matches",
  ]);
});

test("an item is not covered by one that only looks alike", (t) => {
  t.deepEqual(lints({ allow: ["a.io/x", "a.io:5000/x"] }), []);
  t.deepEqual(lints({ allow: ["a.io/x/**", "a.io/x"] }), []);
  t.deepEqual(lints({ allow: ["a.io/x:v1", "a.io/x:v2"] }), []);
  t.deepEqual(lints({ allow: ["a.io/{x,y}", "a.io/x"] }).length, 1);
  t.deepEqual(lints({ allow: ["a.io/x", "a.io/*"] }).length, 1);
  t.deepEqual(lints({ allow: ["**.io/x", "*.*.io/x"] }).length, 1);
});

test("an allow item that the deny list swallows is named", (t) => {
  t.deepEqual(lints({ allow: ["a.io", "b.io/x/y"], deny: ["b.io/x/**"] }), [
    "denied-pattern: `b.io/x/y` allows nothing: `b.io/x/y` and all else that it matches is denied",
  ]);
  t.deepEqual(lints({ allow: ["a.io", "b.io/{x,y}/**"], deny: ["b.io/x/**", "b.io/y/**"] }), [
    "denied-pattern: `b.io/{x,y}/**` allows nothing: `b.io/x/a` and all else that it matches is denied",
  ]);
  t.deepEqual(lints({ allow: ["b.io/*"], deny: ["b.io/a*"] }), []);
});

test("a policy that allows nothing is named", (t) => {
  t.deepEqual(lints({ allow: ["a.io/x:latest"], denyTags: ["latest"] }), [
    "refuses-everything: the policy `p` allows no image at all",
  ]);
  t.true(lints({ deny: ["**"] }).includes("refuses-everything: the policy `p` allows no image at all"));
  t.deepEqual(lints({ allow: ["a.io/x:v1"], denyTags: ["latest"] }), []);
});

test("a denial that another name of Docker Hub gets around is named", (t) => {
  t.deepEqual(lints({ deny: ["docker.io/evil/**"] }), [
    "other-name-allowed: `docker.io/evil/**` can be dodged: `registry-1.docker.io/evil/a` is allowed, and `registry-1.docker.io` is another name of Docker Hub",
  ]);
  t.deepEqual(lints({ deny: ["registry.hub.docker.com/evil/**"] }), [
    "other-name-allowed: `registry.hub.docker.com/evil/**` can be dodged: `evil/a` is allowed, and `docker.io` is another name of Docker Hub",
  ]);
  t.deepEqual(lints({ deny: ["*.docker.io/evil/**"] }), [
    "other-name-allowed: `*.docker.io/evil/**` can be dodged: `evil/a` is allowed, and `docker.io` is another name of Docker Hub",
  ]);
  t.deepEqual(lints({ deny: ["**.io/evil/**"] }), []);
  const all = "{docker.io,registry-1.docker.io,registry.hub.docker.com}/evil/**";
  t.deepEqual(lints({ deny: [all] }), []);
  t.deepEqual(lints({ deny: ["docker.io/evil/**"], allow: ["docker.io"] }), []);
  t.deepEqual(lints({ deny: ["quay.io/evil/**"] }), []);
});

test("a lint says where and what to do", (t) => {
  const [lint] = lintPolicy(policyOf({ allow: ["a.io", "a.io/x"] }));
  t.like(lint, { length: 8, location: { file: "policy.yaml", line: 1 } });
  t.regex(lint?.help ?? "", /^remove it, or make `a\.io` at line 1 narrower$/);
  t.is(Object.keys(lintCodes).length, 5);
});

test("of a policy that is too large it is said that it was not looked through", (t) => {
  t.timeout(300_000);
  const deny = [..."abcdefghijklmnopq"].map((sign) => `a.io/*k${sign}*m${sign}*q`);
  const [found, ...others] = lintPolicy(policyOf({ allow: ["a.io/*q"], deny: [...deny, "a.io/*q"] }));
  t.like(found, { code: "lint-unknown", severity: "warning" });
  t.regex(found?.message ?? "", /^the policy `p` was not looked through .*: there are more than 3000000 states/);
  t.deepEqual(others, []);
});

test("a long list is looked through", (t) => {
  const names = Array.from({ length: 2000 }, (_, index) => `a.io/team-${index}/**`);
  t.deepEqual(lints({ allow: [...names, "a.io/team-1999/x"] }).length, 1);
});
