import { isUtf8 } from "node:buffer";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerAdmission, answerImages } from "./answer-review.js";
import { inBatches } from "./in-batches.js";
import type { Endpoint } from "./metrics.js";
import { Refusal } from "./refusal.js";
import type { ServerParts } from "./server-parts.js";
import { textWithoutUnread } from "./unread-parts.js";

/** A request whose body is there. */
export interface ReviewRequest {
  readonly endpoint: Endpoint;
  readonly request: FastifyRequest<{ Params: { policy?: string } }>;
  readonly reply: FastifyReply;
}

/** The first of a batch waits for the others; with more, nothing more is won. */
const mostTogether = 16;
/** In bytes. A larger body is answered by itself, so that only one of them is held as an object at a time. */
const largestTogether = 64 * 1024;

/**
 * Answers requests, those that come in together step by step: all bodies are read, then all are judged, then all answers
 * are sent. Each of the steps runs more code than a core's nearest caches hold, and finds it there when it is done for several
 * reviews in a row.
 *
 * @param deadline in milliseconds, for an answer to be begun.
 * @param send sends the text of a review.
 * @returns takes one more request; what cannot be answered is left to the error handler of the server.
 */
export function answerRequests(
  parts: ServerParts,
  deadline: number,
  send: (reply: FastifyReply, text: string) => void,
): (one: ReviewRequest) => void {
  const judge = ({ endpoint, request }: ReviewRequest, body: unknown): string => {
    const end = request.arrival + Math.min(deadline, askedTimeout(request.query));
    const answer = (endpoint === "validate" ? answerAdmission : answerImages)({
      body,
      policy: request.params.policy,
      isLate: () => performance.now() >= end,
      parts,
    });
    if ("problem" in answer) throw new Refusal(400, "review", answer.problem);
    return JSON.stringify(answer.review);
  };
  const answerAll = (batch: readonly ReviewRequest[]) => {
    const bodies = batch.map(({ request }) => attempt(() => readBody(request.body)));
    const answers = batch.map((one, index) => {
      const body = bodies[index] as Attempt<unknown>;
      return "error" in body ? body : attempt(() => judge(one, body.value));
    });
    for (const [index, { endpoint, request, reply }] of batch.entries()) {
      const answer = answers[index] as Attempt<string>;
      if ("error" in answer) {
        reply.send(answer.error);
      } else {
        send(reply, answer.value);
        parts.metrics.answered(endpoint, (performance.now() - request.arrival) / 1000);
      }
    }
  };
  const answerTogether = inBatches(mostTogether, answerAll);
  return (one) => (sizeOf(one.request.body) > largestTogether ? answerAll([one]) : answerTogether(one));
}

type Attempt<T> = { readonly value: T } | { readonly error: Error };

/** What is thrown about one request is said of that one. */
function attempt<T>(step: () => T): Attempt<T> {
  try {
    return { value: step() };
  } catch (thrown) {
    // Fastify takes for an answer what is no error.
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }
}

/** The time that the API server says it will wait (`?timeout=5s`), in milliseconds; infinite where it does not. */
function askedTimeout(query: unknown): number {
  const { timeout } = query as { timeout?: unknown };
  const written = typeof timeout === "string" ? /^(\d{1,4})s$/.exec(timeout)?.[1] : undefined;
  return written === undefined ? Number.POSITIVE_INFINITY : Number(written) * 1000;
}

function sizeOf(body: unknown): number {
  return Buffer.isBuffer(body) ? body.length : 0;
}

function readBody(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new Refusal(400, "body", "the request has no body");
  if (!isUtf8(body)) throw new Refusal(400, "body", "the body is not UTF-8");
  try {
    return JSON.parse(textWithoutUnread(body));
  } catch {
    throw new Refusal(400, "body", "the body is no JSON");
  }
}
