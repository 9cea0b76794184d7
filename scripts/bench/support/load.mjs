import { openConnection } from "./review-connection.mjs";
import { connections } from "./webhook-load.mjs";

/**
 * Sends as many reviews as are answered: each connection the next as soon as the one before is.
 *
 * @param bodiesOf gives the bodies of one more connection.
 * @returns requests a second, and the times of p50 and p99 in milliseconds.
 */
export async function fullLoad(url, bodiesOf, { seconds }) {
  const times = await overConnections(url, bodiesOf, (opened) => {
    const end = performance.now() + seconds * 1000;
    return sendUntil(opened, end);
  });
  return { requestsPerSecond: Math.round(times.length / seconds), p50: share(times, 0.5), p99: share(times, 0.99) };
}

/**
 * Sends reviews at an even rate, over as many connections, each in its turn.
 *
 * @param bodiesOf gives the bodies of one connection.
 * @param rate requests a second.
 * @returns the time of p99 in milliseconds, each from the moment at which the request was due.
 */
export async function evenLoad(url, bodiesOf, { seconds, rate }) {
  const send = (opened) => sendEvenly(opened, Math.floor(rate * seconds), rate);
  return share(await overConnections(url, bodiesOf, send), 0.99);
}

/** The times that `send` resolves to, the shortest first. */
async function overConnections(url, bodiesOf, send) {
  const opened = await Promise.all(Array.from({ length: connections }, () => openConnection(url, bodiesOf())));
  const failure = Promise.all(opened.map(({ closed }) => closed));
  const times = await Promise.race([send(opened), failure]);
  for (const connection of opened) connection.close();
  await failure;
  return times.sort((a, b) => a - b);
}

async function sendUntil(opened, end) {
  const times = [];
  const sendInTurn = (connection) =>
    new Promise((resolve) => {
      const sendNext = () => {
        const started = performance.now();
        connection.ask(() => {
          const now = performance.now();
          if (now > end) return resolve();
          times.push(now - started);
          sendNext();
        });
      };
      sendNext();
    });
  await Promise.all(opened.map(sendInTurn));
  return times;
}

/** What is due while every connection waits for an answer is sent as soon as one does not. */
function sendEvenly(opened, total, rate) {
  const idle = [...opened];
  const late = [];
  const times = [];
  return new Promise((resolve) => {
    const started = performance.now();
    const send = (connection, due) =>
      connection.ask(() => {
        times.push(performance.now() - due);
        if (times.length === total) resolve(times);
        else if (late.length > 0) send(connection, late.shift());
        else idle.push(connection);
      });
    let sent = 0;
    const sendWhatIsDue = () => {
      const passed = performance.now() - started;
      for (; sent < total && (sent / rate) * 1000 <= passed; sent++) {
        const due = started + (sent / rate) * 1000;
        const connection = idle.shift();
        if (connection === undefined) late.push(due);
        else send(connection, due);
      }
      if (sent < total) setTimeout(sendWhatIsDue, 1);
    };
    sendWhatIsDue();
  });
}

/** @param times in order. */
function share(times, part) {
  return Math.round(times[Math.floor(times.length * part)] * 10) / 10;
}
