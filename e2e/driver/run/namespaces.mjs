/**
 * Which labels each namespace has when. A namespace that the fixtures describe with different labels has one after the
 * other, in rounds; every other one keeps its own.
 *
 * @param {readonly import("@registry-policy/language").Review[]} reviews
 * @returns {{labels: ReadonlyMap<string, Record<string, string>>, indices: readonly number[]}[]} the rounds: the labels
 *   of each namespace, and which reviews are for that round.
 */
export function namespaceRounds(reviews) {
  const variants = new Map();
  const rounds = [];
  for (const [index, { request, namespaceLabels }] of reviews.entries()) {
    // Labels that nobody knows are none here: an API server always knows them.
    const labels = namespaceLabels ?? {};
    const key = JSON.stringify(Object.entries(labels).sort());
    const known = variants.get(request.namespace) ?? new Map();
    variants.set(request.namespace, known);
    if (!known.has(key)) known.set(key, known.size);
    const round = known.get(key);
    rounds[round] ??= { labels: new Map(), indices: [] };
    rounds[round].labels.set(request.namespace, labels);
    rounds[round].indices.push(index);
  }
  return rounds;
}

/**
 * Makes namespaces, or gives them other labels; each also has the label that the API server gives it.
 *
 * @param {{api: {send: Function}}} cluster
 * @param {ReadonlyMap<string, Record<string, string>>} labels by namespace.
 * @returns {Promise<Map<string, string>>} why a namespace cannot be as it should, by its name.
 */
export async function makeNamespaces({ api }, labels) {
  const refused = new Map();
  for (const [name, own] of labels) {
    const path = `/api/v1/namespaces/${encodeURIComponent(name)}`;
    const found = await api.send("GET", path);
    const metadata = { name, labels: { ...own, "kubernetes.io/metadata.name": name } };
    const answer =
      found.status === 404
        ? await api.send("POST", "/api/v1/namespaces", { body: { apiVersion: "v1", kind: "Namespace", metadata } })
        : await api.send("PUT", path, {
            body: { ...found.body, metadata: { ...found.body.metadata, labels: metadata.labels } },
          });
    if (answer.status >= 300) refused.set(name, answer.body?.message ?? String(answer.body));
  }
  return refused;
}
