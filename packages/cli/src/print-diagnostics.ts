import type { Diagnostic } from "@registry-policy/language";
import type { Terminal } from "./terminal.js";

/**
 * Prints what is wrong with the input on standard error, and counts it.
 *
 * @returns whether there is an error among it.
 */
export async function printDiagnostics(terminal: Terminal, diagnostics: readonly Diagnostic[]): Promise<boolean> {
  if (diagnostics.length === 0) return false;
  const { renderDiagnostic } = await import("@registry-policy/language");
  const { err } = terminal;
  await err.write(diagnostics.map((one) => `${renderDiagnostic(one, { colour: err.colour })}\n\n`).join(""));
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counts = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ];
  await err.write(`${counts.join(", ")}\n`);
  return errors > 0;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
