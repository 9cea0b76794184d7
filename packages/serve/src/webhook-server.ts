import type { Server as HttpsServer } from "node:https";
import { createSecureContext, type TLSSocket } from "node:tls";
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { answerRequests, type ReviewRequest } from "./answer-requests.js";
import { metricsType } from "./metrics.js";
import { Refusal, refuse } from "./refusal.js";
import { maximumBody, type ServerOptions, type TlsFiles } from "./server-options.js";
import type { ServerParts } from "./server-parts.js";

export interface WebhookServer {
  /** Throws where the address cannot be listened on. Returns the port. */
  listen(host: string, port: number): Promise<number>;
  /** For connections that begin from now on. Throws where key and certificate do not belong together. */
  setTls(tls: TlsFiles): void;
  /** No longer ready; what comes in is still answered, and connections end with their next answer. */
  drain(): void;
  /** Takes no connection any more, and waits for the answers that are due. */
  close(): Promise<void>;
}

interface ReviewPath {
  Params: ReviewRequest["request"]["params"];
}

/** How often Node looks for requests that are late, in milliseconds: its own 30 s are longer than any deadline. */
const lookForLate = 500;

/**
 * A client closes an idle connection before the server does, and so never sends a review into a closing one: Go's
 * transport keeps one for 90 s (client-go, `IdleConnTimeout`).
 */
const keepAlive = 120_000;

/**
 * A server of reviews, on Fastify: it bounds bodies, times requests and ends connections in order, and leaves the
 * bytes of a body to us.
 */
export function webhookServer(options: ServerOptions, parts: ServerParts): WebhookServer {
  const { tls, deadline } = options;
  let isDraining = false;
  const app = Fastify({
    // Node waits two minutes for a client to begin with TLS, and so would whoever ends the server.
    https:
      tls === undefined
        ? null
        : { ...tlsOptions(tls), connectionsCheckingInterval: lookForLate, handshakeTimeout: deadline },
    ...(tls === undefined && { http: { connectionsCheckingInterval: lookForLate } }),
    logger: false,
    bodyLimit: maximumBody,
    requestTimeout: deadline,
    keepAliveTimeout: keepAlive,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    routerOptions: { maxParamLength: 253 },
  } as object) as FastifyInstance;

  // Node applies the larger of the two: a slow head would keep a connection for a minute.
  app.server.headersTimeout = deadline;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.decorateRequest("arrival", 0);
  app.addHook("onRequest", (request, reply, done) => {
    request.arrival = performance.now();
    if (isDraining) reply.header("connection", "close");
    if (request.method !== "POST" || tls?.clientCa === undefined || isKnown(request)) done();
    else done(new Refusal(401, "client", "the client has no certificate of the authority that is trusted"));
  });
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, parts));
  app.setNotFoundHandler((request, reply) => {
    const message = `there is no \`${request.method} ${request.url.slice(0, 200)}\``;
    return refuse(new Refusal(404, "path", message), request, reply, parts);
  });

  const answer = answerRequests(parts, deadline, (reply, text) => {
    reply.header("content-type", "application/json");
    // It may have been told to end since the head was read.
    if (isDraining) reply.header("connection", "close");
    reply.send(text);
  });
  app.post<ReviewPath>("/validate", (request, reply) => answer({ endpoint: "validate", request, reply }));
  app.post<ReviewPath>("/validate/:policy", (request, reply) => answer({ endpoint: "validate", request, reply }));
  app.post<ReviewPath>("/image-review", (request, reply) => answer({ endpoint: "image-review", request, reply }));
  app.get("/healthz", (_request, reply) => reply.type("text/plain").send("ok\n"));
  app.get("/readyz", (_request, reply) => {
    const { names } = parts.policies();
    const stale = parts.stale();
    return reply.code(isDraining ? 503 : 200).send({ ready: !isDraining, policies: names, stale });
  });
  app.get("/metrics", async (_request, reply) => reply.type(metricsType).send(await parts.metricsText()));

  return {
    async listen(host, port) {
      await app.listen({ host, port });
      const address = app.server.address();
      return typeof address === "object" && address !== null ? address.port : port;
    },
    setTls(files) {
      (app.server as unknown as HttpsServer).setSecureContext(tlsOptions(files));
    },
    drain() {
      isDraining = true;
    },
    async close() {
      isDraining = true;
      await app.close();
    },
  };
}

declare module "fastify" {
  interface FastifyRequest {
    /** When the head was read, on the clock of `performance`. */
    arrival: number;
  }
}

/**
 * What Node's server is given of the files. The probes of a kubelet and Prometheus have no certificate, so a client
 * without one is let in here and refused by the endpoints of reviews.
 *
 * @throws where key and certificate do not belong together.
 */
function tlsOptions({ cert, key, clientCa }: TlsFiles): object {
  createSecureContext({ cert, key });
  const minVersion = "TLSv1.2";
  if (clientCa === undefined) return { cert, key, minVersion };
  return { cert, key, minVersion, ca: clientCa, requestCert: true, rejectUnauthorized: false };
}

function isKnown(request: FastifyRequest): boolean {
  return (request.raw.socket as TLSSocket).authorized === true;
}
