import { once } from "node:events";
import { connect } from "node:tls";

const nothing = Buffer.alloc(0);
const endOfHead = Buffer.from("\r\n\r\n");

/**
 * Opens a connection that sends one review at a time. What is sent is written out beforehand, and of an answer nothing is
 * read but its status and its length: Node's own client would take more of the machine than the servers that are measured.
 *
 * @param {string} url of an HTTPS server.
 * @param {object[]} bodies are sent in turn.
 * @returns {Promise<{ask(done: () => void): void, close(): void, closed: Promise<void>}>} `ask` sends the next review, once
 *   the one before is answered. `closed` is rejected where an answer is not of status 200, or the connection ends before
 *   `close`.
 */
export async function openConnection(url, bodies) {
  const { hostname, port, pathname } = new URL(url);
  const requests = bodies.map((body) => requestOf(`${hostname}:${port}`, pathname, JSON.stringify(body)));
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }).setNoDelay(true);
  await once(socket, "secureConnect");
  let next = 0;
  let answered;
  let received = nothing;
  let isClosing = false;
  const closed = new Promise((resolve, reject) => {
    const fail = (why) => {
      reject(new Error(`${url} ${why}`));
      socket.destroy();
    };
    socket.on("data", (chunk) => {
      received = received === nothing ? chunk : Buffer.concat([received, chunk]);
      const { isWhole, problem } = readAnswer(received);
      if (problem !== undefined) return fail(problem);
      if (!isWhole) return;
      received = nothing;
      answered();
    });
    socket.on("error", (error) => fail(`failed: ${error.message}`));
    socket.on("close", () => (isClosing ? resolve() : fail("closed a connection")));
  });
  return {
    ask(done) {
      answered = done;
      socket.write(requests[next]);
      next = (next + 1) % requests.length;
    },
    close() {
      isClosing = true;
      socket.destroy();
    },
    closed,
  };
}

function requestOf(host, path, body) {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${host}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function readAnswer(received) {
  const end = received.indexOf(endOfHead);
  if (end === -1) return { isWhole: false };
  const head = received.latin1Slice(0, end);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (!head.startsWith("HTTP/1.1 200 ")) return { problem: `answered with ${head.slice(9, 12)}` };
  if (length === undefined) return { problem: "did not say how long its answer is" };
  return { isWhole: received.length >= end + endOfHead.length + Number(length) };
}
