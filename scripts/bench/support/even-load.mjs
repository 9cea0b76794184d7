import { Agent, request } from "node:https";
import { connections } from "./webhook-load.mjs";

/**
 * Sends reviews at an even rate, over as many connections as `load` does. (autocannon sends what is due in a second all at
 * once, at the beginning of that second, and so never less than as much as it can.)
 *
 * @param bodiesOf gives the bodies of one connection.
 * @param rate requests a second.
 * @returns the time of p99 in milliseconds, each from the moment at which the request was due.
 */
export async function evenLoad(url, bodiesOf, { seconds, rate }) {
  const bodies = Array.from({ length: connections }, () => bodiesOf())
    .flat()
    .map((body) => Buffer.from(JSON.stringify(body)));
  const agent = new Agent({ keepAlive: true, maxSockets: connections, rejectUnauthorized: false });
  // The connections are there before the first review is due.
  await Promise.all(bodies.slice(0, connections).map((body) => ask(url, agent, body)));
  const times = [];
  const answers = [];
  const total = Math.floor(rate * seconds);
  const started = performance.now();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, ((performance.now() - started) / 1000) * rate);
    for (; sent < due; sent++) {
      const at = started + (sent / rate) * 1000;
      const answer = ask(url, agent, bodies[sent % bodies.length]).then(() => times.push(performance.now() - at));
      answers.push(answer);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(answers);
  agent.destroy();
  return Math.round(times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] * 10) / 10;
}

function ask(url, agent, body) {
  const headers = { "content-type": "application/json", "content-length": body.length };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume().on("error", reject);
      response.on("end", () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${url} answered with ${response.statusCode}`)),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
