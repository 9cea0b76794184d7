import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup.mjs";
import { program } from "./support/folder.mjs";
import { rounded } from "./support/statistics.mjs";
import { timedProcess } from "./support/timed-process.mjs";

export const name = "`check` of the examples with its proofs and generated requests, beside the fixtures alone";

const turns = 12;
const all = "all in one run";

/** Each example by itself, as people run it, and all of them in one run, where the start of the engines counts for less. */
export async function run() {
  const folder = join(root, "examples");
  const rows = [...readdirSync(folder), all].map((example) => {
    return { example, path: example === all ? folder : join(folder, example), alone: [], whole: [] };
  });
  // Every row has a run in every turn: a slow minute of the machine falls on a few runs of each, and not on one row.
  for (let turn = 0; turn < turns; turn++) {
    for (const { path, alone, whole } of rows) {
      alone.push(await timedCheck(path, "--fixtures-only"));
      whole.push(await timedCheck(path));
    }
  }
  return rows.map(({ example, alone, whole }) => {
    // The best turn of each counts: other work on the machine only ever adds.
    const [fixtures, everything] = [alone, whole].map((runs) => Math.min(...runs.map(({ seconds }) => seconds)));
    return {
      example,
      requests: whole[0].requests,
      "fixtures alone, seconds": rounded(fixtures, 2),
      "all of it, seconds": rounded(everything, 2),
      ratio: rounded(everything / fixtures, 2),
    };
  });
}

async function timedCheck(path, ...options) {
  const words = [program, "check", path, "--output", "json", ...options];
  const { code, milliseconds, output } = await timedProcess(process.execPath, words);
  const { policies, proofs } = JSON.parse(output);
  if (code !== 0 || proofs.length > 0 !== (options.length === 0)) throw new Error(`\`check\` ended with ${code}`);
  const requests = policies.reduce((sum, { generated }) => sum + (generated?.requests ?? 0), 0);
  return { seconds: milliseconds / 1_000, requests };
}

export function boundsOf(rows) {
  const single = Math.max(...rows.filter(({ example }) => example !== all).map(({ ratio }) => ratio));
  const together = rows.find(({ example }) => example === all).ratio;
  return [
    { says: "an example by itself: at most 1.5 times the fixtures alone", value: single, holds: single <= 1.5 },
    { says: "all in one run: at most 1.5 times the fixtures alone", value: together, holds: together <= 1.5 },
  ];
}
