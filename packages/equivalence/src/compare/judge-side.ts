import { type EngineHost, openEngine } from "@registry-policy/engines";
import type { Policy, Review, VerdictKind } from "@registry-policy/language";
import { referenceVerdict } from "../matrix/reference-verdict.js";
import type { ComparedSide } from "./compared-side.js";

/** What one side makes of a request. */
export interface SideVerdict {
  /** What becomes of the request, where the policy is enforced. */
  readonly outcome: "admitted" | "refused";
  /** The engine's verdict: `warn` and `audit` are violations that it admits. */
  readonly verdict: VerdictKind;
  readonly messages: readonly string[];
  /** Why the engine could not decide. */
  readonly error?: string;
}

/** A side that judges requests until it is closed. */
export interface OpenSide {
  readonly side: ComparedSide;
  /** `Kyverno ClusterPolicy v1.19.1`: who judges. */
  readonly judge: string;
  ask(reviews: readonly Review[]): Promise<SideVerdict[]>;
  close(): Promise<void>;
}

/**
 * Opens a side in its own engine.
 *
 * @param startedHost asked for a host where the side needs one.
 * @throws PolicyRefused if the engine refuses it, HostError if the host fails.
 */
export async function openSide(side: ComparedSide, startedHost: () => Promise<EngineHost>): Promise<OpenSide> {
  if (side.judges === "reference") return openReference(side);
  const files = side.files.map(({ path, text }) => ({ name: path, content: text }));
  const all =
    side.entrypoint === undefined ? files : [...files, { name: "asked.entrypoint", content: side.entrypoint }];
  const engine = openEngine(side.judges, await startedHost());
  const loaded = await engine.load(all);
  return {
    side,
    judge: `${side.judges} ${engine.version}`,
    async ask(reviews) {
      const verdicts = await loaded.judge(reviews);
      return verdicts.map(({ verdict, messages, error }) => ({
        outcome: outcomeOf(verdict, messages, error, side.onError),
        verdict,
        messages,
        ...(error !== undefined && { error }),
      }));
    },
    close: () => loaded.unload(),
  };
}

function outcomeOf(
  verdict: VerdictKind,
  messages: readonly string[],
  error: string | undefined,
  onError: ComparedSide["onError"],
): SideVerdict["outcome"] {
  if (verdict !== "error") return violates(verdict) ? "refused" : "admitted";
  // One expression may fail and another one refuse: the failure policy is about the one that failed.
  const isRefusedToo = messages.some((message) => !(error ?? "").includes(message));
  return isRefusedToo ? "refused" : onError;
}

function violates(verdict: VerdictKind): boolean {
  return verdict === "deny" || verdict === "warn" || verdict === "audit";
}

/** From the least to the most that a policy makes of a request. */
const severity: readonly VerdictKind[] = ["out-of-scope", "allow", "audit", "warn", "deny"];

function openReference(side: ComparedSide): OpenSide {
  return {
    side,
    judge: "the reference evaluator",
    async ask(reviews) {
      return reviews.map((review) => {
        const said = side.policies.map((policy: Policy) => referenceVerdict(policy, review).verdict);
        const rank = Math.max(...said.map(({ verdict }) => severity.indexOf(verdict)));
        const verdict = severity[rank] ?? "out-of-scope";
        const messages = said.filter((one) => one.verdict === verdict).flatMap((one) => one.messages);
        return { outcome: violates(verdict) ? "refused" : "admitted", verdict, messages };
      });
    },
    close: async () => {},
  };
}
