import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup.mjs";
import { validatingPolicy } from "./hand-written/cel.mjs";
import { clusterPolicy } from "./hand-written/cluster-policy.mjs";
import { inFolder, program } from "./support/folder.mjs";
import { registries } from "./support/policies.mjs";
import { rounded } from "./support/statistics.mjs";
import { timedProcess } from "./support/timed-process.mjs";

export const name =
  "`compare` of a ClusterPolicy with the ValidatingPolicy in its place, from the start of the process";

const turns = 5;
const example = "examples-compare/controllers-lost";
/** Two policies by hand with as many registries: how the time grows. */
const sizes = [10, 100, 1_000];

export function run() {
  return inFolder(async (folder) => {
    const pairs = [{ pair: example, files: ["left.yaml", "right.yaml"].map((file) => join(root, example, file)) }];
    for (const size of sizes) {
      const names = registries(size);
      const files = [join(folder, `cluster-${size}.yaml`), join(folder, `validating-${size}.yaml`)];
      const [left, right] = [clusterPolicy(names), validatingPolicy(names)];
      writeFileSync(files[0], left[0].content);
      writeFileSync(files[1], right[0].content);
      pairs.push({ pair: `by hand, ${size} registries`, files });
    }
    const rows = [];
    for (const { pair, files } of pairs) {
      const times = [];
      for (let turn = 0; turn < turns; turn++) {
        const words = [program, "compare", ...files];
        const { code, marked, milliseconds, output } = await timedProcess(process.execPath, words, { mark: "\n1. " });
        if (code !== 4 || marked === undefined) throw new Error(`\`compare\` ended with ${code}: ${output}`);
        times.push({ marked, milliseconds, requests: Number(/(\d+) requests/.exec(output)?.[1]) });
      }
      // The best turn counts: other work on the machine only ever adds.
      const best = (of) => rounded(Math.min(...times.map(of)) / 1_000, 2);
      rows.push({
        pair,
        requests: times[0].requests,
        "first difference, s": best(({ marked }) => marked),
        "all, s": best(({ milliseconds }) => milliseconds),
      });
    }
    return rows;
  });
}

/** The last pair is longer than most policies: what is asked of it is a sample. */
export function boundsOf(rows) {
  const ordinary = rows.slice(0, -1);
  const slowest = (column) => Math.max(...ordinary.map((row) => row[column]));
  const [first, all] = [slowest("first difference, s"), slowest("all, s")];
  const long = rows.at(-1)["all, s"];
  return [
    { says: "first difference of every pair up to 100 registries within 3 s", value: first, holds: first <= 3 },
    { says: "all differences of every pair up to 100 registries within 15 s", value: all, holds: all <= 15 },
    { says: "all differences of the pair with 1,000 registries within 30 s", value: long, holds: long <= 30 },
  ];
}
