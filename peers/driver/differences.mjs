/**
 * How a command's outcomes are not those of the cases that were written, one sentence each.
 *
 * @param {readonly { id: string, name: string, verdict: string }[]} written
 * @param {readonly import("./read-outcomes.mjs").Outcome[]} outcomes
 */
export function differences(written, outcomes) {
  const sentences = written.flatMap(({ id, name, verdict }) => {
    const found = outcomes.filter((outcome) => outcome.id === id);
    const [outcome] = found;
    if (outcome === undefined) return [`\`${name}\` was not run`];
    if (found.length > 1) return [`\`${name}\` was run ${found.length} times`];
    if (outcome.result === "passed") return [];
    // Nothing judges what is out of scope: the one case in which that is what is to be shown.
    if (outcome.result === "excluded" && verdict === "out-of-scope") return [];
    return [
      `\`${name}\`, where \`${verdict}\` is expected, was ${outcome.result}${outcome.words === "" ? "" : `: ${outcome.words}`}`,
    ];
  });
  const known = new Set(written.map(({ id }) => id));
  const others = outcomes.filter(({ id }) => !known.has(id)).map(({ id }) => `\`${id}\` was run and never written`);
  return [...sentences, ...others];
}
