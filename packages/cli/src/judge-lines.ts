import {
  disagreements,
  engineParts,
  type Panel,
  type ReportedVerdict,
  readReview,
  reportedVerdicts,
} from "@registry-policy/equivalence";
import { escapeText, type Review } from "@registry-policy/language";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import { type Line, readLines } from "./read-lines.js";
import type { Terminal } from "./terminal.js";

/** The API server takes no larger request: its limit on a body. */
const maximumLineBytes = 3 * 1024 * 1024;

/** What is printed for a line. */
type Answer =
  | { readonly uid: string; readonly verdicts: Readonly<Record<string, ReportedVerdict>> }
  | { readonly uid: string | null; readonly error: string; readonly line: number };

/**
 * Judges each line of a stream, and prints a line for each, in their order. A line that is no request is answered with
 * an error, and told on standard error too.
 *
 * @returns 1 if a line was no request, else 4 if an engine did not agree with the reference evaluator, else 0.
 * @throws HostError if the engine host fails.
 */
export async function judgeLines(
  stream: AsyncIterable<Uint8Array>,
  panel: Panel,
  { out, err }: Pick<Terminal, "out" | "err">,
): Promise<ExitCode> {
  let hasBadLine = false;
  let isDisagreed = false;
  for await (const lines of readLines(stream, maximumLineBytes)) {
    const read = lines.map(readLine);
    const reviews = read.flatMap((line) => ("review" in line ? [line.review] : []));
    const judged = (await panel.judge(reviews)).values();
    for (const line of read) {
      let answer: Answer;
      if ("review" in line) {
        const judgement = judged.next().value;
        if (judgement === undefined) throw new Error("a request was judged by nobody");
        const { reference, engines } = judgement;
        if ([...engines].some(([id, said]) => disagreements(reference, said, engineParts[id].namesImages).length > 0))
          isDisagreed = true;
        answer = { uid: line.review.request.uid, verdicts: reportedVerdicts(reference, engines) };
      } else {
        hasBadLine = true;
        answer = line;
        await err.write(`error: line ${line.line} is no admission request: ${escapeText(line.error)}\n`);
      }
      await out.write(`${JSON.stringify(answer)}\n`);
    }
    if (out.isClosed()) break;
  }
  return hasBadLine ? exitCodes.usage : isDisagreed ? exitCodes.disagreement : exitCodes.ok;
}

function readLine(line: Line): { readonly review: Review } | { uid: string | null; error: string; line: number } {
  if ("tooLong" in line) {
    return { uid: null, error: `it is longer than ${maximumLineBytes} bytes`, line: line.number };
  }
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch (error) {
    return { uid: null, error: `it is no JSON: ${(error as Error).message}`, line: line.number };
  }
  const read = readReview(value);
  return "review" in read ? read : { ...read, line: line.number };
}
