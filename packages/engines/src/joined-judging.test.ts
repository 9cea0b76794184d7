import type { Review } from "@registry-policy/language";
import test from "ava";
import type { HostConnection } from "./host-connection.js";
import { HostError } from "./host-error.js";
import { joinedJudging } from "./joined-judging.js";
import { pod, review } from "./review.test.data.js";
import { type HostVerdict, type Methods, maxRequestLength } from "./stdio-protocol.js";

type Asked = Methods["judge"]["params"];

const verdictOf = (handle: number, text: string): HostVerdict => {
  const { uid } = JSON.parse(text).request;
  return { verdict: "allow", images: [], messages: [`${handle} on ${uid}`], durationNs: 1 };
};

/** A host whose verdicts say which policy judged which review, or that answers with what is given. */
function recordingHost(answer?: (lists: HostVerdict[][]) => unknown) {
  const requests: Asked[] = [];
  const failures: HostError[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const connection = {
    async call(_method: "judge", asked: Asked, doing: () => string) {
      if (failures[0] !== undefined) throw failures[0];
      requests.push(asked);
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      const lists = asked.policies.map(({ handle, reviews }) =>
        reviews.map((index) => verdictOf(handle, asked.reviews[index] as string)),
      );
      const verdicts = answer === undefined ? lists : answer(lists);
      return verdicts instanceof Error ? { refused: { code: "crash", message: doing() } } : { result: { verdicts } };
    },
    fail: (error: HostError) => failures.push(error),
  };
  return {
    judge: joinedJudging(connection as unknown as HostConnection),
    requests,
    failures,
    mostUnderWay: () => mostUnderWay,
  };
}

const reviewOf = (uid: string, images: readonly unknown[] = ["x"]): Review => review({ uid, object: pod(images) });
const uidsOf = ({ reviews }: Asked) => reviews.map((text) => JSON.parse(text).request.uid);
const said = (verdicts: readonly HostVerdict[]) => verdicts.map(({ messages, error }) => error ?? messages[0]);

const [a, b, c] = [reviewOf("a"), reviewOf("b"), reviewOf("c")] as const;

test("what is asked in one turn goes to the host in one request, each review once", async (t) => {
  const { judge, requests } = recordingHost();
  const [one, other] = await Promise.all([judge("gatekeeper", 1, [a, b]), judge("opa-rego", 2, [a, b])]);
  t.deepEqual(said(one), ["1 on a", "1 on b"]);
  t.deepEqual(said(other), ["2 on a", "2 on b"]);
  t.deepEqual(
    requests.map(({ policies }) => policies),
    [
      [
        { handle: 1, reviews: [0, 1] },
        { handle: 2, reviews: [0, 1] },
      ],
    ],
  );
  t.deepEqual(requests.map(uidsOf), [["a", "b"]]);
});

test("what is asked in two turns goes to the host in two requests", async (t) => {
  const { judge, requests } = recordingHost();
  const one = judge("gatekeeper", 1, [a]);
  await Promise.resolve();
  const other = judge("opa-rego", 2, [a]);
  t.deepEqual([said(await one), said(await other)], [["1 on a"], ["2 on a"]]);
  t.deepEqual(requests.map(uidsOf), [["a"], ["a"]]);
});

test("each policy judges its own reviews, in its own order", async (t) => {
  const { judge, requests } = recordingHost();
  const judged = await Promise.all([
    judge("gatekeeper", 1, [b, a]),
    judge("opa-rego", 2, [c, a, c, b]),
    judge("opa-rego", 3, []),
    judge("gatekeeper", 4, [c]),
  ]);
  t.deepEqual(judged.map(said), [["1 on b", "1 on a"], ["2 on c", "2 on a", "2 on c", "2 on b"], [], ["4 on c"]]);
  t.deepEqual(requests.map(uidsOf), [["b", "a", "c"]]);
});

test("nothing is sent where nothing is asked about", async (t) => {
  const { judge, requests } = recordingHost();
  t.deepEqual(await Promise.all([judge("gatekeeper", 1, []), judge("opa-rego", 2, [])]), [[], []]);
  t.deepEqual(requests, []);
});

test("many reviews go in batches, four at a time, each to the policies that judge any of it", async (t) => {
  const { judge, requests, mostUnderWay } = recordingHost();
  const many = Array.from({ length: 2_000 }, (_, i) => reviewOf(String(i)));
  const few = many.slice(1_990).reverse();
  const [all, last] = await Promise.all([judge("gatekeeper", 1, many), judge("opa-rego", 2, few)]);
  t.deepEqual(
    said(all),
    many.map(({ request: { uid } }) => `1 on ${uid}`),
  );
  t.deepEqual(
    said(last),
    few.map(({ request: { uid } }) => `2 on ${uid}`),
  );
  t.is(requests.length, 8);
  t.is(mostUnderWay(), 4);
  t.deepEqual(
    requests.map(({ policies }) => policies.length),
    [1, 1, 1, 1, 1, 1, 1, 2],
  );
});

test("more policies than go in one request go in several", async (t) => {
  const { judge, requests } = recordingHost();
  const handles = Array.from({ length: 70 }, (_, handle) => handle);
  const judged = await Promise.all(handles.map((handle) => judge("gatekeeper", handle, [a])));
  t.deepEqual(
    judged.map(said),
    handles.map((handle) => [`${handle} on a`]),
  );
  t.deepEqual(
    requests.map(({ policies }) => policies.length),
    [32, 32, 6],
  );
});

test("a review that cannot be sent is an error of each policy that was asked about it", async (t) => {
  const { judge, requests } = recordingHost();
  const long = reviewOf("long", ["x".repeat(maxRequestLength / 3)]);
  const judged = await Promise.all([
    judge("gatekeeper", 1, [a, long, b]),
    judge("opa-rego", 2, [long]),
    judge("opa-rego", 3, [b]),
  ]);
  const error = /^the request is \d+ characters long, where \d+ is the limit$/;
  const [one, other, third] = judged.map((list) => said(list).map((words) => words?.replace(error, "error")));
  t.deepEqual([one, other, third], [["1 on a", "error", "1 on b"], ["error"], ["3 on b"]]);
  t.deepEqual(judged[1]?.[0]?.verdict, "error");
  t.deepEqual(requests.map(uidsOf), [["a"], ["b"]]);
});

const answers: Record<string, (lists: HostVerdict[][]) => unknown> = {
  "no list": () => undefined,
  "one list too few": (lists) => lists.slice(1),
  "one list too many": (lists) => [...lists, []],
  "the list of another policy": ([first, second]) => [second, first],
  "something else for a list": ([first]) => [first, { length: 2 }],
  "one list for all": (lists) => lists.flat(),
};

for (const [name, answer] of Object.entries(answers)) {
  test(`a host that answers with ${name} fails all who asked with one error`, async (t) => {
    const { judge, failures } = recordingHost(answer);
    const calls = [judge("gatekeeper", 1, [a, b]), judge("opa-rego", 2, [b])];
    const [one, other] = await Promise.all(calls.map((call) => t.throwsAsync(call, { instanceOf: HostError })));
    t.is(one, other);
    t.deepEqual(failures, [one as HostError]);
    t.is(one?.code, "host-garbage");
    t.is(
      one?.message,
      "the engine host answered with something else than verdicts while judging requests 1 to 2 of 2 with `gatekeeper`, `opa-rego` (the first: CREATE Pod team-a/p)",
    );
  });
}

test("an error names the engines that judge the batch, each once, and no other", async (t) => {
  const { judge } = recordingHost(() => new Error());
  const alone = judge("gatekeeper", 1, [a]);
  await t.throwsAsync(alone, {
    message: /^judging request 1 of 1 with `gatekeeper` \(the first: CREATE Pod team-a\/p\) failed: /,
  });
  const calls = [judge("gatekeeper", 1, [a]), judge("gatekeeper", 2, [a]), judge("opa-rego", 3, [])] as const;
  for (const call of calls.slice(0, 2)) {
    await t.throwsAsync(call, { message: /^judging request 1 of 1 with `gatekeeper` \(/ });
  }
  t.deepEqual(await calls[2], []);
});
