import type { Review, VerdictKind } from "@registry-policy/language";
import type { PanelVerdict } from "./agreement.js";
import { type CaseResult, type CheckResult, isOk } from "./check-result.js";

/** What `check --output json` prints; its schema is `docs/schemas/check.schema.json`. */
export interface CheckReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  /** The reference evaluator, whose version is the tool's, and the engines. */
  readonly engines: readonly { readonly name: string; readonly version: string }[];
  readonly policies: readonly {
    readonly name: string;
    readonly file: string;
    readonly cases: readonly ReportedCase[];
    /** `null` where no requests were generated. */
    readonly generated: {
      readonly requests: number;
      readonly combined: { readonly requests: number; readonly into: number };
      readonly leftOut: { readonly patterns: number; readonly images: number };
      readonly problem: string | null;
      /** Only those about which not everybody agrees, each with the request that it is. */
      readonly disagreements: readonly (ReportedCase & { readonly review: Review })[];
    } | null;
  }[];
  readonly summary: { readonly cases: number; readonly disagreements: number; readonly failures: number };
}

interface ReportedCase {
  readonly name: string;
  readonly expect: string;
  readonly verdicts: Readonly<Record<string, ReportedVerdict>>;
  readonly ok: boolean;
}

/** One judge's verdict, in every report of the JSON kind. */
export interface ReportedVerdict {
  readonly verdict: VerdictKind;
  readonly images: readonly string[];
  readonly messages: readonly string[];
  readonly error: string | null;
}

export function checkReport(result: CheckResult, tool: { name: string; version: string }): CheckReport {
  return {
    schemaVersion: 1,
    tool,
    engines: [
      { name: "reference", version: tool.version },
      ...result.engines.map(({ name, version }) => ({ name, version })),
    ],
    policies: result.policies.map(({ name, file, cases, generated }) => ({
      name,
      file,
      cases: cases.map(reportedCase),
      generated:
        generated === undefined
          ? null
          : {
              requests: generated.requests,
              combined: generated.combined,
              leftOut: generated.leftOut,
              problem: generated.problem ?? null,
              disagreements: generated.disagreements.map((found) => ({ ...reportedCase(found), review: found.review })),
            },
    })),
    summary: result.summary,
  };
}

function reportedCase(found: CaseResult): ReportedCase {
  const { name, expect, reference, engines } = found;
  return { name, expect: expect.verdict, verdicts: reportedVerdicts(reference, engines), ok: isOk(found) };
}

/** The verdicts by judge, `reference` first. */
export function reportedVerdicts(
  reference: PanelVerdict,
  engines: ReadonlyMap<string, PanelVerdict>,
): Record<string, ReportedVerdict> {
  const all: [string, PanelVerdict][] = [["reference", reference], ...engines];
  return Object.fromEntries(all.map(([name, verdict]) => [name, reportedVerdict(verdict)]));
}

function reportedVerdict({ verdict, images, messages, error }: PanelVerdict): ReportedVerdict {
  return { verdict, images, messages, error: error ?? null };
}
