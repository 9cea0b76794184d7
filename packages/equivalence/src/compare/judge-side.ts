import { type EngineHost, openEngine, type PolicyFile, runningWebhook, webhookEngine } from "@registry-policy/engines";
import type { Policy, Review, VerdictKind } from "@registry-policy/language";
import { referenceVerdict } from "../matrix/reference-verdict.js";
import type { ComparedSide, RunningWebhook } from "./compared-side.js";

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
 * @throws PolicyRefused if the engine refuses it, HostError if the host fails, WebhookUnreachable.
 */
export async function openSide(side: ComparedSide, startedHost: () => Promise<EngineHost>): Promise<OpenSide> {
  const { judges } = side;
  if (judges === "reference") return openReference(side);
  const isWebhook = typeof judges === "object";
  const engine = isWebhook
    ? webhookEngine(() => runningWebhook(judges.url), judges.url)
    : openEngine(judges, await startedHost());
  const loaded = await engine.load(isWebhook ? configurationOf(judges) : filesOf(side));
  return {
    side,
    judge: `${engine.id} ${engine.version}`,
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

function filesOf({ files, entrypoint }: ComparedSide): PolicyFile[] {
  const all = files.map(({ path, text }) => ({ name: path, content: text }));
  return entrypoint === undefined ? all : [...all, { name: "asked.entrypoint", content: entrypoint }];
}

/** What of a webhook's configuration decides whether it is asked. JSON is YAML. */
function configurationOf({ namespaceSelector }: RunningWebhook): PolicyFile[] {
  if (namespaceSelector === undefined) return [];
  return [{ name: "webhook.yaml", content: JSON.stringify({ webhooks: [{ namespaceSelector }] }) }];
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
