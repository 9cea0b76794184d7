import { readFileSync, statSync } from "node:fs";
import { openEngine, startHost } from "../../packages/engines/dist/index.js";
import { hostBinary } from "../setup.mjs";
import { emittedFor, imagesOf, podReview, policyText, registries } from "./support/policies.mjs";
import { median, rounded } from "./support/statistics.mjs";

export const name = "memory of the engine host by the number of reviews, its size and its start";

const steps = [1_000, 20_000, 40_000, 60_000, 80_000, 100_000];
const engines = ["kyverno-cluster-policy", "gatekeeper"];
const reviewsAtOnce = 1_000;

export async function run() {
  if (process.platform !== "linux") throw new Error("the memory of another process is read from Linux's /proc");
  const start = performance.now();
  const host = await startHost();
  const milliseconds = performance.now() - start;
  const rows = [
    {
      after: "the start",
      "resident MB": residentMegabytes(host.processId),
      note: `${rounded(milliseconds, 0)} ms to start, ${rounded(statSync(hostBinary).size / 1e6, 0)} MB on disk`,
    },
  ];
  try {
    const text = policyText(
      "bench",
      registries(100).map((registry) => `${registry}/**`),
    );
    const loaded = [];
    for (const engine of engines) loaded.push(await openEngine(engine, host).load(emittedFor(engine, text).files));
    let done = 0;
    for (const step of steps) {
      const sizes = [];
      while (done < step) {
        // No two Pods are alike, so that what an engine keeps of each would be seen.
        const reviews = Array.from({ length: reviewsAtOnce }, (_, index) => podReview(imagesOf(100), done + index));
        const [verdict] = await loaded[(done / reviewsAtOnce) % loaded.length].judge(reviews);
        if (verdict.verdict !== "allow") throw new Error(`not what is to be measured: ${JSON.stringify(verdict)}`);
        done += reviewsAtOnce;
        sizes.push(residentMegabytes(host.processId));
      }
      // Of all that were read since the row before: a single one depends on when Go last collected its garbage.
      rows.push({ after: `${step} reviews`, "resident MB": median(sizes) });
    }
  } finally {
    await host.close();
  }
  return rows;
}

function residentMegabytes(processId) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, "utf8"));
  return rounded(Number(kilobytes) / 1024, 0);
}

export function boundsOf(rows) {
  const after = (reviews) => rows.find((row) => row.after === `${reviews} reviews`)["resident MB"];
  // What is kept of each review raises all of the later rows, Go's garbage one or another of them.
  const least = Math.min(...steps.filter((step) => step > 20_000).map(after));
  const growth = rounded((least / after(20_000) - 1) * 100);
  return [{ says: "after 20000 reviews at most 5 % more, at the least", value: `${growth} %`, holds: growth <= 5 }];
}
