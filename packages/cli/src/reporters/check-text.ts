import { type CaseResult, type CheckResult, isOk, type PolicyResult } from "@registry-policy/equivalence";
import { escapeText } from "@registry-policy/language";
import { type Paint, painter } from "../paint.js";
import { checkMatrix } from "./check-matrix.js";
import { checkProblem } from "./check-problem.js";
import { engineHeadings } from "./engine-headings.js";
import { generatedText } from "./generated-text.js";
import { plural } from "./plural.js";
import { padText, wrapText } from "./wrap-text.js";

/** One mistake often shows in every case, and in very many of those that are generated. */
const maximumProblems = 50;
const maximumGenerated = 5;

/**
 * The report of a check for a person: the matrix of each policy, then each case that is not as it should be, then one
 * line that sums it up.
 *
 * @param columns of the screen, at least 20.
 */
export function checkText(
  result: CheckResult,
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = painter(colour);
  const judged = result.policies.filter(({ cases }) => cases.length > 0);
  const matrices = judged.flatMap((policy) => [
    ...policyHeading(policy, columns, paint),
    ...checkMatrix(policy.cases, result.engines, { columns, paint }),
    ...generatedText(policy.generated, { columns, paint }),
    "",
  ]);
  const bad = judged.map((policy) => {
    const generated = policy.generated?.disagreements ?? [];
    const cases = policy.cases.filter((found) => !isOk(found));
    return { policy, count: cases.length + generated.length, shown: [...cases, ...toShow(generated)] };
  });
  const problems = bad
    .flatMap(({ policy, shown }) => shown.map((found) => ({ policy, found })))
    .slice(0, maximumProblems)
    .map(({ policy, found }) => [...checkProblem(policy, found, result.engines, { columns, paint }), ""]);
  const left = bad.reduce((sum, { count }) => sum + count, 0) - problems.length;
  if (left > 0) {
    const rest = `… and ${left} more like these: \`--output json\` has all of them`;
    problems.push([...wrapText(rest, columns), ""]);
  }
  return `${[...matrices, ...problems.flat(), ...summary(result, columns, paint)].join("\n")}\n`;
}

/** Of generated requests, which are in order, the plainest for each set of engines that do not agree, and some more. */
function toShow(disagreements: readonly CaseResult[]): CaseResult[] {
  const signatureOf = (found: CaseResult) => [found.expect.verdict, ...found.disagreements.keys()].join();
  const signatures = disagreements.map(signatureOf);
  const isFirst = (index: number) => signatures.indexOf(signatures[index] ?? "") === index;
  const shown = new Set(disagreements.filter((_, index) => isFirst(index)).slice(0, maximumGenerated));
  for (const found of disagreements) if (shown.size < maximumGenerated) shown.add(found);
  return disagreements.filter((found) => shown.has(found));
}

function policyHeading({ name, file, enforcement }: PolicyResult, columns: number, paint: Paint): string[] {
  const title = `${escapeText(name)} (${escapeText(file)}), enforcement: ${enforcement}`;
  return wrapText(title, columns).map((line) => paint("strong", line));
}

function summary({ engines, policies, summary }: CheckResult, columns: number, paint: Paint): string[] {
  const { cases, disagreements, failures } = summary;
  const generated = policies.reduce((sum, policy) => sum + (policy.generated?.disagreements.length ?? 0), 0);
  const good = disagreements === 0 && failures === 0 && generated === 0;
  const others = generated === 0 ? "" : `, and ${plural(generated, "disagreement")} about generated requests`;
  const counts = `${plural(cases, "case")}, ${plural(disagreements, "disagreement")}, ${plural(failures, "failure")}${others}`;
  const judges = [
    ["ref", "the reference evaluator"],
    ...engines.map(({ name, title, version }) => [engineHeadings[name], `${title} ${version}`]),
  ];
  const all = policies.flatMap((policy): readonly CaseResult[] => policy.cases);
  const isOneNotAsked = all.some((found) => found.engines.size < engines.length);
  const legend = [
    ...judges.map(([heading = "", title]) => `${padText(heading, 6)}  ${title}`),
    ...(all.some(hasOut) ? ["out     out of scope, so not judged"] : []),
    ...(isOneNotAsked ? ["–       not asked: the labels of the namespace are unknown"] : []),
  ];
  return [
    ...legend.flatMap((line) => wrapText(line, columns).map((text) => paint("quiet", text))),
    "",
    ...wrapText(counts, columns - 2).map((line, index) =>
      paint(good ? "good" : "bad", `${index > 0 ? " " : good ? "✓" : "✗"} ${line}`),
    ),
  ];
}

function hasOut({ expect, reference, engines }: CaseResult): boolean {
  const verdicts = [expect.verdict, reference.verdict, ...[...engines.values()].map(({ verdict }) => verdict)];
  return verdicts.includes("out-of-scope");
}
