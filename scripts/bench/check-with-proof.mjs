import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup.mjs";
import { program } from "./support/folder.mjs";
import { rounded } from "./support/statistics.mjs";
import { timedProcess } from "./support/timed-process.mjs";

export const name = "`check` of the examples with its proof and generated requests, beside the fixtures alone";

const turns = 5;

export async function run() {
  const rows = [];
  for (let turn = 0; turn < turns; turn++) {
    const alone = await timedCheck("--fixtures-only");
    const whole = await timedCheck();
    rows.push({
      turn: turn + 1,
      requests: whole.requests,
      "fixtures alone, seconds": alone.seconds,
      "all of it, seconds": whole.seconds,
    });
  }
  return rows;
}

async function timedCheck(...options) {
  const words = [program, "check", join(root, "examples"), "--output", "json", ...options];
  const { code, milliseconds, output } = await timedProcess(process.execPath, words);
  const { policies, proofs } = JSON.parse(output);
  const isWhole = options.length === 0;
  if (code !== 0 || policies.length !== examples.length || proofs.length > 0 !== isWhole) {
    throw new Error(`\`check\` ended with ${code}`);
  }
  const requests = policies.reduce((sum, { generated }) => sum + (generated?.requests ?? 0), 0);
  return { seconds: rounded(milliseconds / 1_000, 2), requests };
}

const examples = readdirSync(join(root, "examples"));

/** The best turn of each counts: other work on the machine only ever adds. */
export function boundsOf(rows) {
  const best = (what) => Math.min(...rows.map((row) => row[what]));
  const ratio = rounded(best("all of it, seconds") / best("fixtures alone, seconds"), 2);
  return [{ says: "at most 1.5 times the fixtures alone", value: ratio, holds: ratio <= 1.5 }];
}
