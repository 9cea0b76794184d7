import type { DiagnosticCode } from "./diagnostic-codes.js";

/** What is wrong with a text of a policy, before it is known where the text stands. */
export interface TextProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help: string;
}

export function isProblem(value: object): value is { readonly problem: TextProblem } {
  return "problem" in value;
}
