import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import type { PeerCertificate, TLSSocket } from "node:tls";

export interface Asked {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test asserts what it expects of the answer
  readonly body: any;
  readonly certificate: PeerCertificate | undefined;
  /** Of the client: it tells connections apart. */
  readonly clientPort: number | undefined;
}

export interface AskOptions {
  readonly port: number;
  readonly path?: string;
  /** Any JSON value, sent as a POST; absent: a GET. */
  readonly body?: unknown;
  /** PEM; absent: without TLS. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly agent?: Agent;
}

/** Keeps one connection. */
export function keptConnection(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

/** Asks a server on the loopback address; without an agent, on a connection of its own. */
export function ask({ port, path = "/validate", body, ca, cert, key, agent }: AskOptions): Promise<Asked> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      path,
      method: text === undefined ? "GET" : "POST",
      headers:
        text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) },
    };
    const answered = (response: IncomingMessage) => {
      const socket = response.socket as TLSSocket;
      const certificate = ca === undefined ? undefined : socket.getPeerCertificate();
      const clientPort = socket.localPort;
      let received = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        received += chunk;
      });
      response.on("end", () => {
        const isJson = /json/.test(response.headers["content-type"] ?? "");
        resolve({
          status: response.statusCode ?? 0,
          body: isJson ? JSON.parse(received) : received,
          certificate,
          clientPort,
        });
      });
      response.on("error", reject);
    };
    const sent =
      ca === undefined
        ? httpRequest({ ...options, agent: new HttpAgent() }, answered)
        : request({ ...options, ca, cert, key, servername: "localhost", agent: agent ?? new Agent() }, answered);
    sent.on("error", reject);
    sent.end(text);
  });
}
