import { compilePolicies, loadTemplates, targetById } from "@registry-policy/compiler";
import { type EngineHost, PolicyRefused, startHost } from "@registry-policy/engines";
import type { Review } from "@registry-policy/language";
import test from "ava";
import { comparedSide } from "../compare/compared-side.js";
import { openSide } from "../compare/judge-side.js";
import { engineParts } from "../matrix/judged-by.js";
import { type Trap, traps } from "./engine-traps.test.data.js";
import { everyTarget, readPolicyCases } from "./every-target.test.data.js";

/*
 * What engines do that nobody expects. Each trap has a request for which it matters: it is judged with what is emitted,
 * and then with the same files with the mistake in them, so that the fixture is known to tell the two apart.
 */

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

const templates = loadTemplates();

for (const trap of traps) {
  test(`${trap.title}: ${trap.target}`, async (t) => {
    const { files, review } = prepared(trap);
    t.is(await judged(files, review), trap.says);
    const wrong = files.map(({ path, text }) => ({ path, text: trap.fall(text) }));
    t.notDeepEqual(wrong, files, "the mistake is made");
    const { fallen } = trap;
    if (typeof fallen === "string") t.is(await judged(wrong, review), fallen);
    else t.regex((await t.throwsAsync(judged(wrong, review), { instanceOf: PolicyRefused }))?.message ?? "", fallen);
  });
}

function prepared({ target: id, policies: specs, request }: Trap) {
  const target = targetById(id);
  if (target === undefined) throw new Error(`there is no target ${id}`);
  const read = specs.map((spec) => readPolicyCases(spec, `- ${request.replaceAll("\n", "\n  ")}`));
  const names = specs.length === 1 ? ["p"] : specs.map((_, index) => `${"n".repeat(62)}${index}`);
  const policies = read.map(({ found }, index) => ({ ...found.policy, name: names[index] ?? "" }));
  const { artifacts, diagnostics } = compilePolicies(policies, { targets: [target], templates });
  if (diagnostics.length > 0) throw new Error(diagnostics[0]?.message);
  const files = artifacts.flatMap(({ path, content }) =>
    engineParts[id].reads(path) && typeof content === "string" ? [{ path, text: content }] : [],
  );
  const review = read[0]?.cases[0]?.review;
  if (review === undefined) throw new Error("there is no request");
  return { files, review };
}

async function judged(files: readonly { path: string; text: string }[], review: Review): Promise<string> {
  const side = await openSide(comparedSide(files), async () => host);
  try {
    const [said] = await side.ask([review]);
    return `${said?.verdict}, ${said?.outcome}`;
  } finally {
    await side.close();
  }
}

everyTarget("what engines leave out by default, as they are installed, is judged", {
  spec: "match: {kinds: [Pod, ReplicaSet]}\nimages: {allow: [registry.my.com]}",
  emitted: {
    "kyverno-cluster-policy": ["apps/*/ReplicaSet"],
    gatekeeper: ["- ReplicaSet"],
    "kyverno-validating-policy": ["replicasets"],
    "gatekeeper-cel": ["- ReplicaSet"],
    "validating-admission-policy": ["replicasets"],
    opa: ['"ReplicaSet"'],
  },
  cases: `
- {name: in kube-system, image: nginx, namespace: {name: kube-system}, expect: deny}
- {name: in kube-public, image: nginx, namespace: {name: kube-public}, expect: deny}
- {name: in Kyverno's namespace, image: nginx, namespace: {name: kyverno}, expect: deny}
- {name: in Gatekeeper's namespace, image: nginx, namespace: {name: gatekeeper-system}, expect: deny}
- {name: in a namespace that Gatekeeper ignores, image: nginx, namespace: {name: a, labels: {admission.gatekeeper.sh/ignore: "yes"}}, expect: deny}
- {name: by a node, image: nginx, user: {name: "system:node:a", groups: ["system:nodes"]}, expect: deny}
- {name: by Kyverno, image: nginx, user: {name: "system:serviceaccount:kyverno:kyverno-admission-controller"}, expect: deny}
- {name: by Gatekeeper, image: nginx, user: {name: "system:serviceaccount:gatekeeper-system:gatekeeper-admin"}, expect: deny}
- {name: a ReplicaSet, object: {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: x}, spec: {template: {spec: {containers: [{name: c, image: nginx}]}}}}, expect: deny}
`,
});

const text = "images: {allow: [registry.my.com/object.spec/**, registry.my.com/request.object.spec/**]}";
everyTarget("a text that autogen would rewrite stays what it is", {
  spec: text,
  emitted: {
    "kyverno-cluster-policy": ["autogen-controllers: none"],
    gatekeeper: ["object"],
    "kyverno-validating-policy": ["controllers: []"],
    "gatekeeper-cel": ["object"],
    "validating-admission-policy": ["object"],
    opa: ["object"],
  },
  cases: ["registry.my.com/object.spec/x", "registry.my.com/request.object.spec/x"]
    .flatMap((image) => [
      `- {name: a Pod with ${image}, image: ${image}, expect: allow}`,
      `- {name: a Deployment with ${image}, object: {apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {template: {spec: {containers: [{name: c, image: ${image}}]}}}}, expect: allow}`,
    ])
    .join("\n"),
});
