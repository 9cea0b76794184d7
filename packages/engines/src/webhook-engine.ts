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
 * @param patience in milliseconds, for an answer: by default what the API server waits at the longest.
 */
export function webhookEngine(
  connect: (files: readonly PolicyFile[]) => Promise<Webhook>,
  version: string,
  patience = longestAnswer,
): Engine {
  return {
    id: engine,
    version,
    async load(files): Promise<LoadedPolicy> {
      const selector = selectorOf(files);
      const { url, close } = await connect(files);
      const askIt = giveUp((review) => ask(url, review, patience));
      const judgeOne = async (review: Review): Promise<EngineVerdict> => {
        const started = process.hrtime.bigint();
        const said = isAsked(selector, review) ? await askIt(review) : notAsked;
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

class NoAnswer extends Error {}

/** Asks no more where as many as are asked at once had no answer: hundreds of reviews would each be waited for. */
function giveUp(askOne: (review: Review) => Promise<Said>): (review: Review) => Promise<Said> {
  let unanswered = 0;
  return async (review) => {
    if (unanswered >= atOnce) return failed(`it left ${atOnce} requests without an answer, and is not asked again`);
    try {
      const said = await askOne(review);
      unanswered = 0;
      return said;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      unanswered++;
      return failed(error.message);
    }
  };
}

/** @throws NoAnswer if there is none in time; whatever else goes wrong is said. */
async function ask(url: string, { request }: Review, patience: number): Promise<Said> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ apiVersion: reviewVersion, kind: reviewKind, request }),
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    });
    const text = await textOf(response);
    // What client-go takes for a success (`transformResponse` of its package `rest`).
    const { status } = response;
    if (status < 200 || status > 206) return failed(`its status is ${status}: ${text.slice(0, 500)}`);
    return verdictOfAnswer(JSON.parse(text), request.uid);
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === "TimeoutError") throw new NoAnswer(`there was no answer in ${patience / 1000} s`);
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
