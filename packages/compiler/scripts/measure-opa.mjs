/**
 * Measures a review of a Pod with three images in the wasm of the target `opa`, JSON in and out of the npm SDK
 * included, beside the number of patterns: the processor's time, which other work on the machine disturbs little.
 * Needs the package built with its tests.
 *
 *     node packages/compiler/scripts/measure-opa.mjs
 */
import { policyData } from "../dist/targets/opa/policy-data.js";
import { inputOf, podReview, policyOf, wasmJudge } from "../dist/targets/opa/wasm-judge.test.data.js";

const rounds = 9;
const reviews = 1000;

/** What lists are made of: how many, and three images that the list admits. */
const lists = {
  "registries and repositories": {
    pattern: (index) =>
      [
        `registry${index % 7}.example.com/team-${index}/**`,
        `docker.io/library/app-${index}`,
        `ghcr.io/acme/svc-${index}:v*`,
      ][index % 3],
    images: ["registry0.example.com/team-0/web:1.27", "app-1:1.2", "ghcr.io/acme/svc-2:v1.2.3"],
  },
  "a wildcard in a component": {
    pattern: (index) => `ghcr.io/acme/svc-${10_000 + index}-*/**`,
    images: ["ghcr.io/acme/svc-10000-a/x", "ghcr.io/acme/svc-10001-b/x", "ghcr.io/acme/svc-10002-c/x/y:1"],
  },
  "a wildcard in a host": {
    pattern: (index) => `*.team-${10_000 + index}.example.com/**`,
    images: ["a.team-10000.example.com/x", "b.team-10001.example.com/x", "c.team-10002.example.com/x/y:1"],
  },
};

for (const [name, { pattern, images }] of Object.entries(lists)) {
  console.log(name);
  for (const count of [10, 100, 1000, 10_000]) {
    const policy = policyOf({ images: { allow: Array.from({ length: count }, (_, index) => pattern(index)) } });
    const judge = wasmJudge(policy);
    const input = inputOf(podReview(...images));
    const { violations } = judge(input);
    if (violations.length > 0) throw new Error(`not what is to be measured: ${JSON.stringify(violations)}`);
    const bytes = Buffer.byteLength(JSON.stringify(policyData(policy), null, 2));
    console.log(`  ${count} patterns: ${median(() => judge(input)).toFixed(1)} µs per review, ${bytes} bytes of data`);
  }
}

/** Of several rounds, in microseconds a review. */
function median(review) {
  const times = Array.from({ length: rounds }, () => {
    const started = process.cpuUsage();
    for (let done = 0; done < reviews; done++) review();
    const { user, system } = process.cpuUsage(started);
    return (user + system) / reviews;
  });
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}
