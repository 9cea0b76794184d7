import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { differenceOf, policyLanguages } from "../../packages/automata/dist/index.js";
import { parsePolicies } from "../../packages/language/dist/index.js";

export const name = "two policies shown equal on every image";

/** Time and memory by the number of patterns, each in a process of its own: the peak of one is not that of the next. */
export async function run() {
  const rows = [];
  for (const patterns of [100, 1_000, 10_000]) {
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), String(patterns)]);
    rows.push(JSON.parse(stdout));
  }
  return rows;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${JSON.stringify(measure(Number(process.argv[2])))}\n`);
}

function measure(count) {
  const patterns = Array.from({ length: count }, (_, index) => pattern(index));
  const one = policyOf(patterns);
  const same = policyOf(patterns.toReversed());
  const start = performance.now();
  const difference = differenceOf(policyLanguages(one).allowed, policyLanguages(same).allowed);
  const seconds = (performance.now() - start) / 1000;
  if (difference !== undefined) throw new Error(`equal policies differ on \`${difference.text}\``);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  return { patterns: count, seconds: Number(seconds.toFixed(2)), megabytes };
}

/** Names that share little, and every kind of pattern that people write. */
function pattern(index) {
  const word = ((index * 2_654_435_761) % 2 ** 32).toString(36);
  switch (index % 5) {
    case 0:
      return `registry.my.com/${word}/app-${index}`;
    case 1:
      return `ghcr.io/acme-${index % 50}/${word}/**`;
    case 2:
      return `docker.io/library/${word}`;
    case 3:
      return `${word}.example.com/**`;
    default:
      return `quay.io/${word}/*:v${index % 20}.*`;
  }
}

function policyOf(allow) {
  const text = JSON.stringify({
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name: "measured" },
    spec: { images: { allow, deny: ["registry.my.com/sandbox/**"], denyTags: ["latest"] } },
  });
  const [policy] = parsePolicies({ text, file: "measured.yaml" }).policies;
  if (policy === undefined) throw new Error("the measured policy is not valid");
  return policy;
}

export function boundsOf(rows) {
  const { seconds, megabytes } = rows.at(-1);
  return [
    { says: "10,000 patterns within 5 s", value: seconds, holds: seconds <= 5 },
    { says: "10,000 patterns within 1,024 MB", value: megabytes, holds: megabytes <= 1024 },
  ];
}
