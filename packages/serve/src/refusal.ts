import type { FastifyReply, FastifyRequest } from "fastify";
import type { ErrorKind } from "./metrics.js";
import type { ServerParts } from "./server-parts.js";

/** Why a request gets no review in answer. */
export class Refusal extends Error {
  readonly statusCode: number;
  readonly kind: ErrorKind;

  constructor(statusCode: number, kind: ErrorKind, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.kind = kind;
  }
}

/** Answers with a status that is no success: the API server refuses what it asked about. */
export function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, { metrics, log }: ServerParts) {
  const { statusCode = 500, kind, code, message } = error as Partial<Refusal> & { code?: string };
  const known = kind ?? kindOf(statusCode);
  metrics.failed(known);
  const about = { path: request.url.slice(0, 200), status: statusCode, kind: known, client: request.ip };
  if (known === "internal") log.error({ ...about, err: error }, "a request failed");
  else log.warn({ ...about, why: code === "ECONNRESET" ? partOfBody : message }, "a request was refused unjudged");
  const words = known === "internal" ? "the server failed: its log says how" : message;
  return reply.code(statusCode).send({ error: words });
}

/** Node says `aborted`, whether the client ended the connection or the server gave it up. */
const partOfBody = "the body did not arrive as a whole, or not in time";

/** Of the errors that Fastify makes itself. */
function kindOf(statusCode: number): ErrorKind {
  if (statusCode === 413) return "size";
  return statusCode >= 400 && statusCode < 500 ? "body" : "internal";
}
