import type { Diagnostic } from "./diagnostic.js";
import { diagnosticCodes } from "./diagnostic-codes.js";

/** How many diagnostics of one file are shown. */
export const maximumDiagnostics = 50;

/** Errors before warnings, at most 50 of them, and if there are more a last one that says how many. */
export function limitDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const isError = (diagnostic: Diagnostic) => diagnostic.severity === "error";
  const sorted = [...diagnostics.filter(isError), ...diagnostics.filter((diagnostic) => !isError(diagnostic))];
  const left = sorted.slice(maximumDiagnostics);
  const [next] = left;
  if (next === undefined) return sorted;
  const errors = left.filter(isError).length;
  return [
    ...sorted.slice(0, maximumDiagnostics),
    {
      ...next,
      code: "too-many-diagnostics",
      // Warnings that are not shown do not make a policy invalid.
      severity: errors === 0 ? "warning" : diagnosticCodes["too-many-diagnostics"].severity,
      message: `at least ${left.length} more are not shown, ${errors} of them errors; the next is here`,
      help: "mend the first ones and run it again: often one mistake causes many",
    },
  ];
}
