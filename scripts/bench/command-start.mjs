import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder, program } from "./support/folder.mjs";
import { policyText } from "./support/policies.mjs";
import { median, rounded, tenth } from "./support/statistics.mjs";
import { timedProcess } from "./support/timed-process.mjs";

export const name = "ms from start to end of a process";

const turns = 20;

export function run() {
  return inFolder(async (folder) => {
    const policy = join(folder, "policy.yaml");
    writeFileSync(policy, policyText("bench", ["registry.my.com", "docker.io/library/{nginx,redis}"]));
    const processes = {
      "node --eval 0": ["--eval", "0"],
      "registry-policy --help": [program, "--help"],
      "registry-policy explain": [program, "explain", policy, "nginx"],
    };
    const times = Object.fromEntries(Object.keys(processes).map((process) => [process, []]));
    for (let turn = 0; turn < turns; turn++) {
      for (const [title, words] of Object.entries(processes)) {
        const { code, milliseconds } = await timedProcess(process.execPath, words);
        if (code !== 0) throw new Error(`\`${title}\` ended with ${code}`);
        times[title].push(milliseconds);
      }
    }
    return Object.entries(times).map(([title, all]) => ({
      process: title,
      ms: rounded(tenth(all)),
      "ms, median": rounded(median(all)),
    }));
  });
}

export function boundsOf([node, ...commands]) {
  const bound = rounded(2 * node.ms + 100);
  return commands.map(({ process, ms }) => ({
    says: `\`${process}\` within twice the start of Node plus 100 ms, ${bound}`,
    value: ms,
    holds: ms <= bound,
  }));
}
