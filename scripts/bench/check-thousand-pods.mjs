import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openEngine, startHost } from "../../packages/engines/dist/index.js";
import { defaultEngines } from "../../packages/equivalence/dist/index.js";
import { inFolder, program } from "./support/folder.mjs";
import { emittedFor, podOf, podReview, policyText } from "./support/policies.mjs";
import { rounded } from "./support/statistics.mjs";
import { timedProcess } from "./support/timed-process.mjs";

export const name = "`check` of one policy with 1000 Pods, from start to end of the process";

const pods = 1_000;
const turns = 5;
/** The engines of the bound, and then all that are asked by default. */
const bounded = ["kyverno-cluster-policy", "gatekeeper", "opa"];
const panels = [
  { engines: bounded, words: ["--engine", bounded.join()] },
  { engines: defaultEngines, words: [] },
];
const allow = ["registry.my.com", "docker.io/library/{nginx,redis}", "ghcr.io/acme/**:v*"];

export function run() {
  return inFolder(async (folder) => {
    writeFileSync(join(folder, "policy.yaml"), policyText("bench", allow));
    writeFileSync(join(folder, "fixtures.yaml"), fixtures());
    const rows = [];
    for (let turn = 0; turn < turns * panels.length; turn++) {
      const { engines, words } = panels[turn % panels.length];
      const command = [program, "check", folder, "--output", "json", ...words];
      const { code, milliseconds, output } = await timedProcess(process.execPath, command);
      const { summary } = JSON.parse(output);
      if (code !== 0 || summary.cases !== pods)
        throw new Error(`\`check\` ended with ${code}: ${JSON.stringify(summary)}`);
      const own = await enginesOwnTime(engines);
      rows.push({
        engines: engines.length,
        seconds: rounded(milliseconds / 1_000, 2),
        "engines' own seconds": rounded(own, 2),
        ratio: rounded(milliseconds / 1_000 / own, 2),
      });
    }
    return rows;
  });
}

/** The time that each engine says that it took for each Pod, the engines one after the other. */
async function enginesOwnTime(engines) {
  const host = await startHost();
  try {
    const reviews = Array.from({ length: pods }, (_, index) => podReview(imagesOf(index), index));
    let nanoseconds = 0;
    for (const engine of engines) {
      const loaded = await openEngine(engine, host).load(emittedFor(engine, policyText("bench", allow)).files);
      for (const verdict of await loaded.judge(reviews)) nanoseconds += verdict.durationNs;
    }
    return nanoseconds / 1e9;
  } finally {
    await host.close();
  }
}

function fixtures() {
  const cases = Array.from({ length: pods }, (_, index) => {
    const [first, second, initial] = imagesOf(index);
    return JSON.stringify({
      name: `pod ${index}`,
      object: podOf([first, second], initial, `p-${index}`),
      expect: isAdmitted(index) ? "allow" : "deny",
    });
  });
  return `apiVersion: registry-policy.dev/v1\nkind: Fixtures\ncases:\n${cases.map((text) => `  - ${text}\n`).join("")}`;
}

/** Every third Pod has an image from a registry that is on no list. */
function imagesOf(index) {
  return [
    `registry.my.com/team-${index}/app:v1`,
    isAdmitted(index) ? "nginx:1.27" : `quay.io/team-${index}/app`,
    `ghcr.io/acme/init-${index}:v${index}`,
  ];
}

function isAdmitted(index) {
  return index % 3 !== 0;
}

/** The best turn counts: other work on the machine only ever adds. */
export function boundsOf(all) {
  const rows = all.filter(({ engines }) => engines === bounded.length);
  const seconds = Math.min(...rows.map((row) => row.seconds));
  const ratio = Math.min(...rows.map((row) => row.ratio));
  return [
    { says: "at most 2 s", value: seconds, holds: seconds <= 2 },
    { says: "at most 3 times the engines' own time", value: ratio, holds: ratio <= 3 },
  ];
}
