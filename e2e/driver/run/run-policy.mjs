import { evaluate } from "@registry-policy/language";
import { isOwnRefusal, outcomeOf } from "../requests/outcome-of.mjs";
import { requestsOf, withoutDebugging } from "../requests/requests-of.mjs";
import { makeNamespaces, namespaceRounds } from "./namespaces.mjs";
import { outage } from "./outage.mjs";

/**
 * Sends every fixture of a policy to the API server twice, without the policy and with it.
 *
 * What the API server refuses without the policy, it refuses by itself: the fixture is `apart`. So is one of which it
 * makes another request than `check` judges (with the groups that it adds to a user, say), if that one's verdict is
 * another, or of which the engine is told so little that its verdict has to be another. What is left has to get the
 * verdict of `check`, and a request that a server of ours judges is refused while that server is killed.
 *
 * @param {object} cluster
 * @param {{policy: import("@registry-policy/language").Policy,
 *   cases: readonly import("@registry-policy/equivalence").FixtureCase[],
 *   enforce: () => Promise<{cluster: object, end: () => Promise<void>, server?: object}>,
 *   recorded: (cluster: object, policy: string) => Promise<Set<string>>, seen?: (review: object) => object | string,
 *   outcomes?: object, patienceSeconds?: number}} subject all but `policy` and `cases` as a controller has it;
 *   `patienceSeconds`: how long it may take to enforce the policy, or to forget it.
 * @returns {Promise<{name: string, results: {name: string, location: object, apart?: string, expected?: string,
 *   outcome?: string, by?: string, message?: string}[]}>}
 */
export async function runPolicy(cluster, { policy, cases, enforce, patienceSeconds = 45, ...controller }) {
  const looks = { ...usualOutcomes, ...controller.outcomes };
  // What is recorded of a policy that does nothing else; of another one it is no matter.
  const recorded = looks[policy.enforcement] === "recorded" ? controller.recorded : async () => new Set();
  const fixtures = cases.map(({ name, location, review }, index) => ({
    name,
    location,
    review,
    ...requestsOf(review, index),
  }));
  const rounds = namespaceRounds(cases.map(({ review }) => review));
  // All namespaces are there before the policy is, with the labels that they have first.
  for (const { labels } of rounds.toReversed()) {
    for (const [namespace, why] of await makeNamespaces(cluster, labels)) {
      const refused = fixtures.filter(({ review }) => review.request.namespace === namespace);
      for (const fixture of refused) fixture.apart ??= `the API server refuses the namespace: ${why}`;
    }
  }
  for (const fixture of fixtures.filter(({ apart }) => apart === undefined)) {
    await sendWithout(cluster, fixture, policy, { seen: controller.seen, looks });
  }

  const sent = fixtures.filter(({ apart }) => apart === undefined);
  const outages = [];
  if (sent.length > 0) {
    const { cluster: enforcing, end, server } = await enforce();
    for (const [index, { labels, indices }] of rounds.entries()) {
      if (index > 0) await makeNamespaces(cluster, labels);
      const inRound = indices.map((at) => fixtures[at]).filter(({ apart }) => apart === undefined);
      await settle(enforcing, inRound, policy, { patienceSeconds, recorded, expectedOf: ({ expected }) => expected });
      for (const fixture of inRound) Object.assign(fixture, await judge(enforcing, fixture, policy));
      if (server === undefined || outages.length > 0) continue;
      const judged = (fixture) => judge(enforcing, varied(fixture), policy);
      outages.push(...(await outage(examplesOf(inRound), server, judged)));
    }
    const records = await recorded(enforcing, policy.name);
    for (const fixture of sent) fixture.outcome = withRecord(fixture, records);
    await end();
    const left = await settle(cluster, sent, policy, { patienceSeconds, expectedOf: () => "admitted" });
    if (left.length > 0) {
      throw new Error(`\`${policy.name}\` is still in force ${patienceSeconds} s after it was deleted`);
    }
  }
  for (const { storedPath, there } of fixtures) await removeStored(cluster, storedPath, there);
  const results = fixtures.map(({ name, location, apart, expected, outcome, by, message }) =>
    apart === undefined ? { name, location, expected, outcome, by, message } : { name, location, apart },
  );
  return { name: policy.name, results: [...results, ...outages] };
}

/** A Pod that the policy admits and one that it refuses, as far as there are such. */
function examplesOf(fixtures) {
  const isMade = ({ review: { request } }) => request.operation === "CREATE" && request.kind.kind === "Pod";
  return ["allow", "deny"].flatMap((verdict) => fixtures.find((one) => isMade(one) && one.judged === verdict) ?? []);
}

/** With an annotation that no policy reads: kube-apiserver answers itself what its ImagePolicyWebhook has just asked. */
function varied(fixture) {
  return {
    ...fixture,
    send(there) {
      const { body, ...sent } = fixture.send(there);
      const annotations = { ...body.metadata.annotations, "e2e.image-policy.k8s.io/varied": "" };
      return { ...sent, body: { ...body, metadata: { ...body.metadata, annotations } } };
    },
  };
}

/** Stores what has to be there, sends the request while no policy is, and says on the fixture what came of it. */
async function sendWithout({ api }, fixture, policy, { seen = (made) => made, looks }) {
  const { review, stored, storedPath } = fixture;
  if (stored !== undefined) {
    const created = await api.send("POST", storedPath, { body: withoutDebugging(stored) });
    if (created.status >= 300) {
      fixture.apart = `the API server refuses the old object: ${textOf(created)}`;
      return;
    }
    fixture.there = created.body;
    if (stored.spec?.ephemeralContainers !== undefined) {
      const path = `${storedPath}/${created.body.metadata.name}/ephemeralcontainers`;
      const added = await api.send("PUT", path, {
        body: { ...created.body, spec: { ...created.body.spec, ephemeralContainers: stored.spec.ephemeralContainers } },
      });
      if (added.status >= 300) {
        fixture.apart = `the API server refuses the old object: ${textOf(added)}`;
        return;
      }
      fixture.there = added.body;
    }
  }
  const answer = await sendFixture(api, fixture);
  if (answer.status >= 300) {
    if (!isOwnRefusal(answer)) throw new Error(`without any policy, \`${fixture.name}\` gets: ${textOf(answer)}`);
    fixture.apart = `the API server refuses it: ${textOf(answer)}`;
    return;
  }
  // The answer is the object as admission sees it, with every default.
  const made = requestAsMade(review, answer.body, fixture.user);
  const told = seen(made);
  if (typeof told === "string") {
    fixture.apart = told;
    return;
  }
  const { verdict } = evaluate(policy, review);
  const { verdict: judged } = evaluate(policy, told);
  const differing = (words, another) =>
    looks[another] === looks[verdict] ? undefined : `${words} gets \`${another}\` instead of \`${verdict}\``;
  fixture.apart =
    differing("the API server makes another request of it, which", evaluate(policy, made).verdict) ??
    differing("the engine is not told all of it, and what it is told", judged);
  fixture.judged = judged;
  fixture.expected = looks[verdict];
}

/** What a verdict of `check` looks like from outside. */
const usualOutcomes = {
  deny: "refused",
  warn: "warned",
  audit: "recorded",
  allow: "admitted",
  "out-of-scope": "admitted",
};

function requestAsMade(review, object, user) {
  const { request } = review;
  const userInfo = { username: user.name, groups: [...user.groups, "system:authenticated"] };
  return {
    namespaceLabels: review.namespaceLabels ?? {},
    request: { ...request, userInfo, ...(request.operation !== "DELETE" && { object }) },
  };
}

function sendFixture(api, { send, there, user }) {
  const { method, path, body } = send(there);
  return api.send(method, path, { body, user });
}

async function judge(cluster, fixture, policy) {
  cluster.assertRunning();
  return outcomeOf(await sendFixture(cluster.api, fixture), policy.name);
}

/**
 * Waits until every fixture gets what it should. An engine takes a policy in bit by bit (its webhook's rules, its
 * cache, a namespace's labels), so one answer alone says little. A fixture that never gets it is waited for until
 * patience is over, and what it gets then is what counts.
 */
async function settle(cluster, fixtures, policy, { patienceSeconds, expectedOf, recorded = async () => new Set() }) {
  const end = Date.now() + patienceSeconds * 1000;
  let waiting = fixtures;
  while (waiting.length > 0 && Date.now() < end) {
    const judged = [];
    for (const fixture of waiting) judged.push({ fixture, ...(await judge(cluster, fixture, policy)) });
    const records = await recorded(cluster, policy.name);
    waiting = judged.flatMap(({ fixture, outcome }) => {
      const isSo = withRecord({ objectName: fixture.objectName, outcome }, records) === expectedOf(fixture);
      return isSo ? [] : [fixture];
    });
    if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return waiting;
}

/** An object that was admitted, and of which it was recorded that it should not be. */
function withRecord({ objectName, outcome }, records) {
  return outcome === "admitted" && records.has(objectName) ? "recorded" : outcome;
}

async function removeStored({ api }, storedPath, there) {
  if (there === undefined) return;
  const path = `${storedPath}/${there.metadata.name}?gracePeriodSeconds=0&propagationPolicy=Background`;
  const { status, body } = await api.send("DELETE", path);
  if (status >= 300 && status !== 404)
    throw new Error(`\`${there.metadata.name}\` cannot be deleted: ${body?.message ?? body}`);
}

function textOf({ body }) {
  return body?.message ?? String(body);
}
