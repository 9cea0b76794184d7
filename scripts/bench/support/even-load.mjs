import { openConnection } from "./review-connection.mjs";
import { connections } from "./webhook-load.mjs";

/**
 * Sends reviews at an even rate, over as many connections as `load` does, each in its turn. (autocannon sends what is due in
 * a second all at once, at the beginning of that second, and so never less than as much as it can.)
 *
 * @param bodiesOf gives the bodies of one connection.
 * @param rate requests a second.
 * @returns the time of p99 in milliseconds, each from the moment at which the request was due.
 */
export async function evenLoad(url, bodiesOf, { seconds, rate }) {
  const opened = await Promise.all(Array.from({ length: connections }, () => openConnection(url, bodiesOf())));
  const failure = Promise.all(opened.map(({ closed }) => closed));
  const times = await Promise.race([sendEvenly(opened, Math.floor(rate * seconds), rate), failure]);
  for (const connection of opened) connection.close();
  await failure;
  return Math.round(times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] * 10) / 10;
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
