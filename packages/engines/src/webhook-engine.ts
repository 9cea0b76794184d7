import { type LabelSelector, matchesSelector, type Review } from "@registry-policy/language";
import { parse } from "yaml";
import type { Engine, EngineVerdict, LoadedPolicy, PolicyFile } from "./engine.js";
import { PolicyRefused } from "./policy-refused.js";
import { failed, reviewKind, reviewVersion, type Said, verdictOfAnswer } from "./webhook-answer.js";

/** A webhook that answers. */
export interface Webhook {
  /** Where it takes an AdmissionReview. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const engine = "webhook";

/** Reviews that are on their way at the same time. */
const atOnce = 16;

/** In milliseconds: what the API server waits at the longest. */
const longestAnswer = 30_000;

/** What is read of an answer, in bytes. */
const largestAnswer = 3 * 1024 * 1024;

/**
 * A webhook that is asked over the network, as the API server asks it.
 *
 * @param connect is given the files of the policy's `admission-webhook`: it starts one with them, or knows one that runs
 *   with some policy. Throws PolicyRefused.
 * @param version shown in reports.
 */
export function webhookEngine(connect: (files: readonly PolicyFile[]) => Promise<Webhook>, version: string): Engine {
  return {
    id: engine,
    version,
    async load(files): Promise<LoadedPolicy> {
      const selector = selectorOf(files);
      const { url, close } = await connect(files);
      const judgeOne = async (review: Review): Promise<EngineVerdict> => {
        const started = process.hrtime.bigint();
        const said = isAsked(selector, review) ? await ask(url, review) : notAsked;
        const durationNs = Number(process.hrtime.bigint() - started);
        return { engine, engineVersion: version, images: [], ...said, durationNs };
      };
      return {
        engine,
        warnings: [],
        unload: close,
        async judge(reviews) {
          const verdicts: EngineVerdict[] = new Array(reviews.length);
          let next = 0;
          const askInTurn = async () => {
            for (let index = next++; index < reviews.length; index = next++) {
              verdicts[index] = await judgeOne(reviews[index] as Review);
            }
          };
          await Promise.all(Array.from({ length: atOnce }, askInTurn));
          return verdicts;
        },
      };
    },
  };
}

/** The API server does not call a webhook for a namespace that its configuration does not select. */
const notAsked: Said = { verdict: "out-of-scope", messages: [] };

/** The selector of the configuration that goes with the webhook; without one, it is always asked. */
function selectorOf(files: readonly PolicyFile[]): LabelSelector | undefined {
  const file = files.find(({ name }) => name.endsWith("webhook.yaml"));
  if (file === undefined) return undefined;
  try {
    const [webhook] = (parse(String(file.content)) as { webhooks: { namespaceSelector: LabelSelector }[] }).webhooks;
    return webhook?.namespaceSelector;
  } catch (error) {
    throw new PolicyRefused(engine, `${file.name} is no ValidatingWebhookConfiguration: ${(error as Error).message}`);
  }
}

/** Where labels are not known, the webhook is asked. */
function isAsked(selector: LabelSelector | undefined, { request, namespaceLabels }: Review): boolean {
  if (selector === undefined || namespaceLabels === null) return true;
  return matchesSelector(selector, { ...namespaceLabels, "kubernetes.io/metadata.name": request.namespace });
}

async function ask(url: string, { request }: Review): Promise<Said> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ apiVersion: reviewVersion, kind: reviewKind, request }),
      redirect: "error",
      signal: AbortSignal.timeout(longestAnswer),
    });
    const text = await textOf(response);
    // What client-go takes for a success (`transformResponse` of its package `rest`).
    if (response.status < 200 || response.status > 206)
      return failed(`its status is ${response.status}: ${text.slice(0, 500)}`);
    return verdictOfAnswer(JSON.parse(text), request.uid);
  } catch (error) {
    const { message, cause } = error as Error;
    return failed(cause instanceof Error ? `${message}: ${cause.message}` : message);
  }
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > largestAnswer) throw new Error(`its answer is larger than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
}
