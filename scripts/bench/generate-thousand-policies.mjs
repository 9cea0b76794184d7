import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder, program } from "./support/folder.mjs";
import { policyText } from "./support/policies.mjs";
import { rounded } from "./support/statistics.mjs";
import { timedProcess } from "./support/timed-process.mjs";

export const name = "`generate` of 1000 policies, from start to end of the process";

const policies = 1_000;
const turns = 3;

/** The targets of the bound, and all that there are. */
const choices = {
  "kyverno-cluster-policy, gatekeeper, opa": ["kyverno-cluster-policy", "gatekeeper", "opa"],
  all: [],
};

export function run() {
  return inFolder(async (folder) => {
    const sources = join(folder, "policies");
    mkdirSync(sources);
    for (let index = 0; index < policies; index++) {
      const allow = [`registry-${index}.my.com`, "docker.io/library/{nginx,redis}", `ghcr.io/team-${index}/**:v*`];
      writeFileSync(join(sources, `policy-${index}.yaml`), policyText(`policy-${index}`, allow));
    }
    const rows = [];
    for (const [targets, chosen] of Object.entries(choices)) {
      const times = [];
      for (let turn = 0; turn < turns; turn++) {
        const out = join(folder, `out-${rows.length}-${turn}`);
        const words = [program, "generate", sources, "-o", out, ...chosen.flatMap((target) => ["--target", target])];
        const { code, milliseconds } = await timedProcess(process.execPath, words);
        if (code !== 0) throw new Error(`\`generate\` ended with ${code}`);
        times.push(milliseconds / 1_000);
      }
      rows.push({ targets, seconds: rounded(Math.min(...times), 2) });
    }
    return rows;
  });
}

export function boundsOf([three]) {
  return [{ says: "three targets, less than 3 s", value: three.seconds, holds: three.seconds < 3 }];
}
