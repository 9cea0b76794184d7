// Runs the measures of `scripts/bench`, one file each, and says of each bound whether it holds on this machine now.
//
//   npm run bench -- [MEASURE]… [--output text|json]
//
// A measure exports `name`, `run()` for its rows, and, where it has bounds, `boundsOf(rows)`. Nothing here is a test:
// times differ by machine, so they are compared within one run where they can be. Ends with 3 if a bound is broken.
import { readdirSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { fail, root, setUp } from "./setup.mjs";

const { values, positionals } = parseArgs({
  options: { output: { type: "string", default: "text" } },
  allowPositionals: true,
});

async function bench() {
  if (!["text", "json"].includes(values.output))
    throw new Error(`\`--output ${values.output}\` is neither text nor json`);
  const folder = join(root, "scripts/bench");
  const known = readdirSync(folder).filter((file) => file.endsWith(".mjs"));
  const chosen = positionals.length === 0 ? known : positionals.map((name) => `${basename(name, ".mjs")}.mjs`);
  const unknown = chosen.find((file) => !known.includes(file));
  if (unknown !== undefined) {
    throw new Error(
      `no measure is named \`${basename(unknown, ".mjs")}\`\nhelp: there are ${known.map((file) => basename(file, ".mjs")).join(", ")}`,
    );
  }
  const machine = {
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model.trim(),
    cores: availableParallelism(),
  };
  if (values.output === "text")
    console.log(`${machine.date}, ${machine.cores} cores of ${machine.cpu}, Node ${machine.node}`);
  const measures = [];
  for (const file of chosen) {
    process.stderr.write(`bench: ${basename(file, ".mjs")} …\n`);
    const { name, run, boundsOf } = await import(pathToFileURL(join(folder, file)).href);
    const rows = await run();
    const bounds = boundsOf?.(rows) ?? [];
    measures.push({ measure: basename(file, ".mjs"), name, rows, bounds });
    if (values.output === "text") printMeasure(name, rows, bounds);
  }
  if (values.output === "json") console.log(JSON.stringify({ schemaVersion: 1, ...machine, measures }, null, 2));
  if (measures.some(({ bounds }) => bounds.some(({ holds }) => !holds))) process.exitCode = 3;
}

function printMeasure(name, rows, bounds) {
  console.log(`\n${name}`);
  console.log(table(rows));
  for (const { says, value, holds } of bounds) console.log(`  ${holds ? "holds " : "BROKEN"}  ${says}: ${value}`);
}

function table(rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index].length)));
  const isNumber = columns.map((column) => rows.every((row) => typeof (row[column] ?? 0) === "number"));
  return lines
    .map((line) =>
      line
        .map((cell, index) => (isNumber[index] ? cell.padStart(widths[index]) : cell.padEnd(widths[index])))
        .join("  "),
    )
    .map((line) => `  ${line.trimEnd()}`)
    .join("\n");
}

await setUp().then(bench).catch(fail);
