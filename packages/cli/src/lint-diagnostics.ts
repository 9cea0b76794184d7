import type { Diagnostic, Policy } from "@registry-policy/language";

/** What policies say that is seldom meant, as warnings. */
export async function lintDiagnostics(policies: readonly Policy[]): Promise<readonly Diagnostic[]> {
  const [{ lintPolicy }, { limitDiagnostics }] = await Promise.all([
    import("@registry-policy/automata"),
    import("@registry-policy/language"),
  ]);
  return limitDiagnostics(policies.flatMap(lintPolicy));
}
