import { Agent, request as httpsRequest } from "node:https";
import { parseWarning } from "./parse-warning.mjs";

/** An answer takes as long as the slowest webhook may, and a little more. */
const timeoutMs = 60_000;

/**
 * A client of one API server.
 *
 * @param {{port: number, ca: Buffer | string, token: string}} server
 */
export function apiClient({ port, ca, token }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca });
  return {
    /**
     * Sends one request.
     *
     * @param {string} method
     * @param {string} path with its query.
     * @param {{body?: unknown, type?: string, user?: {name: string, groups: readonly string[]}}} [options] `body`: a
     *   string is sent as it is, anything else as JSON; `user`: whom to impersonate.
     * @returns {Promise<{status: number, body: any, warnings: string[]}>} `body` is the text where it is no JSON.
     * @throws if there is no answer, or a header cannot say the user's name.
     */
    send(method, path, { body, type = "application/json", user } = {}) {
      const content = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
      return new Promise((resolve, reject) => {
        const outgoing = httpsRequest(
          { agent, host: "127.0.0.1", port, method, path, timeout: timeoutMs },
          (incoming) => {
            const chunks = [];
            incoming.on("data", (chunk) => chunks.push(chunk));
            incoming.on("error", reject);
            incoming.on("end", () => {
              const text = Buffer.concat(chunks).toString("utf8");
              resolve({ status: incoming.statusCode, body: parsed(text), warnings: warningsOf(incoming.rawHeaders) });
            });
          },
        );
        outgoing.on("error", reject);
        outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer to ${method} ${path} in ${timeoutMs} ms`)));
        outgoing.setHeader("Authorization", `Bearer ${token}`);
        outgoing.setHeader("Accept", "application/json");
        if (user !== undefined) {
          outgoing.setHeader("Impersonate-User", user.name);
          if (user.groups.length > 0) outgoing.setHeader("Impersonate-Group", [...user.groups]);
        }
        if (content !== undefined) outgoing.setHeader("Content-Type", type);
        outgoing.end(content);
      });
    },

    close() {
      agent.destroy();
    },
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Node joins headers of one name with commas, which warnings may hold themselves: the raw ones are apart. */
function warningsOf(rawHeaders) {
  const warnings = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at].toLowerCase() === "warning") warnings.push(...parseWarning(rawHeaders[at + 1]));
  }
  return warnings;
}
