/**
 * What came of one engine, for a person to read.
 *
 * @param {string} title of the engine.
 * @param {readonly {name: string, results: readonly object[]}[]} policies as `runPolicy` gives them.
 * @returns {{text: string, differences: number, judged: number}}
 */
export function report(title, policies) {
  const rows = policies.map(({ name, results }) => ({ name, ...counted(results) }));
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const total = { name: "in all", agree: sum("agree"), differ: sum("differ"), apart: sum("apart") };
  const width = Math.max(...[...rows, total].map(({ name }) => name.length));
  const line = ({ name, agree, differ, apart }) =>
    `  ${name.padEnd(width)}  ${[agree, differ, apart].map((count) => String(count).padStart(6)).join("  ")}`;
  const heading = `  ${"".padEnd(width)}  ${["agree", "differ", "apart"].map((word) => word.padStart(6)).join("  ")}`;
  const differences = policies.flatMap(({ name, results }) =>
    results.filter(differs).map((result) => difference(name, result)),
  );
  const judges = [...new Set(policies.flatMap(({ results }) => results.flatMap(({ by }) => by ?? [])))].sort();
  const refusedBy = judges.length === 0 ? [] : [`  refused by ${judges.join(", ")}`];
  const text = [`\n${title}\n`, heading, ...rows.map(line), line(total), ...refusedBy, ...differences].join("\n");
  return { text, differences: total.differ, judged: total.agree + total.differ };
}

/**
 * The fixtures about which an engine was not asked, with the reason.
 *
 * @param {ReadonlyMap<string, readonly {name: string, results: readonly object[]}[]>} runs the policies by engine.
 */
export function reportApart(runs) {
  const found = new Map();
  for (const [engine, policies] of runs) {
    for (const { name: policy, results } of policies) {
      for (const { name, apart } of results.filter((result) => result.apart !== undefined)) {
        const reason = firstLine(apart);
        const key = `${policy}: ${name}\n      ${reason}`;
        if (!found.has(key)) found.set(key, { title: `${policy}: ${name}`, reason, engines: [] });
        found.get(key).engines.push(engine);
      }
    }
  }
  const lines = [...found.values()].map(({ title, reason, engines }) => {
    const which = engines.length === runs.size ? "" : ` (${engines.join(", ")})`;
    return `  ${title}${which}\n      ${reason}`;
  });
  return lines.length === 0 ? "" : ["\nApart: what no engine was asked", ...lines].join("\n");
}

function counted(results) {
  const differ = results.filter(differs).length;
  const apart = results.filter((result) => result.apart !== undefined).length;
  return { agree: results.length - differ - apart, differ, apart };
}

function differs({ apart, expected, outcome }) {
  return apart === undefined && expected !== outcome;
}

function difference(policy, { name, location, expected, outcome, message }) {
  const where = `${location.file}:${location.line}`;
  const words = message === undefined ? "" : `\n      ${message.trim().replaceAll("\n", "\n      ").slice(0, 2000)}`;
  return `\n  ${policy}: ${name} (${where})\n      is ${outcome}, and has to be ${expected}${words}`;
}

function firstLine(text) {
  const line = text.trim().split("\n")[0];
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
