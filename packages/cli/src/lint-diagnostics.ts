import type { Diagnostic, Policy } from "@registry-policy/language";

/**
 * What policies say that is seldom meant, as warnings.
 *
 * @param policies valid ones; their files are read again for the lines that are shown.
 */
export async function lintDiagnostics(policies: readonly Policy[]): Promise<readonly Diagnostic[]> {
  const { lintPolicy } = await import("@registry-policy/automata");
  const lints = policies.flatMap(lintPolicy);
  if (lints.length === 0) return [];
  const lines = new Map<string, readonly string[]>();
  for (const file of new Set(lints.map(({ location }) => location.file))) lines.set(file, await linesOf(file));
  const { limitDiagnostics } = await import("@registry-policy/language");
  return limitDiagnostics(
    lints.map(({ code, message, location, length, help }) => {
      const sourceLine = lines.get(location.file)?.[location.line - 1] ?? "";
      return { code, severity: "warning", message, location, length, sourceLine, help };
    }),
  );
}

/** None for what is no file, as standard input is, or for one that is gone by now: then no line is shown. */
async function linesOf(file: string): Promise<readonly string[]> {
  const { InputError, readText } = await import("@registry-policy/equivalence/files");
  try {
    return (await readText(file)).replace(/^\ufeff/, "").split(/\r?\n/);
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}
