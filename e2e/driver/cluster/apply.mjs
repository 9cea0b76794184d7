import { waitUntil } from "./wait-until.mjs";

/** How long a kind may take to be known once its definition is there. */
const kindSeconds = 60;

/** How a kind's own webhook says that it does not listen yet, and Gatekeeper's that it has not read the template. */
const notYet = /failed calling webhook|missing ConstraintTemplate/;

/**
 * Applies documents as `kubectl apply --server-side` does, each as its text stands. What is of a kind that the API
 * server does not know is applied again after the others: they may define it, as a Gatekeeper template does.
 *
 * @param {{api: {send: Function}, paths: {pathOf: Function}, assertRunning: () => void}} cluster
 * @param {readonly {apiVersion: string, kind: string, namespace?: string, name: string, text: string}[]} documents
 * @throws if the API server refuses one, or does not come to know its kind.
 */
export async function apply(cluster, documents) {
  let waiting = documents;
  const passes = async () => {
    cluster.assertRunning();
    const left = [];
    for (const document of waiting) if (!(await applyOne(cluster, document))) left.push(document);
    waiting = left;
    return left.length === 0;
  };
  await waitUntil("the API server to know the kinds of what is applied", passes, { seconds: kindSeconds }).catch(
    (error) => {
      const kinds = new Set(waiting.map(({ kind, apiVersion }) => `${kind} of ${apiVersion}`));
      throw new Error(`${error.message}: ${[...kinds].join(", ") || "none"}`, { cause: error });
    },
  );
}

/** Whether it is applied; not yet, if its kind is not served or its kind's own webhook does not listen. */
async function applyOne({ api, paths }, document) {
  const path = await paths.pathOf(document);
  if (path === undefined) return false;
  const { status, body } = await api.send("PATCH", `${path}?fieldManager=e2e&force=true`, {
    body: document.text,
    type: "application/apply-patch+yaml",
  });
  if (status < 300) return true;
  const message = body?.message ?? String(body);
  if (status === 404 || notYet.test(message)) return false;
  throw new Error(`the API server refuses ${document.kind} \`${document.name}\`: ${message}`);
}

/**
 * Deletes what was applied, the last first; what is gone already is no error. A template stays: the next policy's
 * constraint needs it, and what it defines takes its time to go and to come back.
 *
 * @throws if the API server refuses it.
 */
export async function remove({ api, paths }, documents) {
  for (const document of documents.filter(({ kind }) => kind !== "ConstraintTemplate").toReversed()) {
    const path = await paths.pathOf(document);
    if (path === undefined) continue;
    const { status, body } = await api.send("DELETE", path);
    if (status >= 300 && status !== 404) {
      throw new Error(`${document.kind} \`${document.name}\` cannot be deleted: ${body?.message ?? body}`);
    }
  }
}
