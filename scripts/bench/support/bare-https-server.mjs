// What the webhook cannot be faster than: Node's HTTPS server, with as many processes, reading a body and answering a
// constant; and the same where it parses the body, as whoever judges has to.
import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [cert, key, count, does] = process.argv.slice(2);
const answer = JSON.stringify({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  response: { allowed: true },
});

if (cluster.isPrimary) {
  let listening = 0;
  for (let started = 0; started < Number(count); started++) cluster.fork();
  cluster.on("listening", (_worker, { port }) => {
    if (++listening === Number(count)) process.stdout.write(`https://127.0.0.1:${port}\n`);
  });
  process.on("SIGTERM", () => process.exit(0));
} else {
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
    const chunks = [];
    if (does === "parses") request.on("data", (chunk) => chunks.push(chunk));
    request.resume().on("end", () => {
      if (does === "parses") JSON.parse(Buffer.concat(chunks).toString("utf8"));
      response.writeHead(200, { "content-type": "application/json", "content-length": answer.length });
      response.end(answer);
    });
  });
  server.listen(0, "127.0.0.1");
}
