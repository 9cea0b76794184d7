import { compilePolicies, loadTemplates, targetById } from "../../../packages/compiler/dist/index.js";
import { engineParts } from "../../../packages/equivalence/dist/matrix/judged-by.js";
import { parsePolicies } from "../../../packages/language/dist/index.js";

const templates = loadTemplates();

/** The hosts and repositories of an allow list: each list begins like the shorter ones. */
export function registries(count) {
  return Array.from({ length: count }, (_, index) => `registry-${index}.my.com/team`);
}

/** Three images that a list of so many registries admits: the last one, one in the middle, and one by digest. */
export function imagesOf(count) {
  const names = registries(count);
  return [
    `${names[count - 1]}/app:v1`,
    `${names[Math.floor(count / 2)]}/sub/app:v1`,
    `${names[Math.floor((3 * count) / 4)]}/app@sha256:${"a".repeat(64)}`,
  ];
}

export function policyText(name, allow) {
  return JSON.stringify({
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name },
    spec: { images: { allow } },
  });
}

/** What an engine reads of what is emitted for a policy; undefined where the compiler refuses the policy by name. */
export function emittedFor(engine, text) {
  const parsed = parsePolicies({ text, file: "policy.yaml" });
  const problem = parsed.diagnostics.find(({ severity }) => severity === "error");
  if (problem !== undefined) throw new Error(problem.message);
  const { target, reads } = engineParts[engine];
  const compiled = compilePolicies(parsed.policies, { targets: [targetById(target)], templates });
  const refusal = compiled.diagnostics.find(({ severity }) => severity === "error");
  if (refusal !== undefined) return { refusal: refusal.message };
  return {
    files: compiled.artifacts
      .filter(({ path }) => reads(path))
      .map(({ path, content }) => ({ name: path.slice(path.indexOf("/") + 1), content })),
  };
}

/** A review of a Pod with two containers and an init container. */
export function podReview(images, index = 0) {
  const [first, second, initial] = images;
  const name = `p-${index}`;
  return {
    namespaceLabels: {},
    request: {
      uid: name,
      operation: "CREATE",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      name,
      namespace: "default",
      userInfo: { username: "alice", groups: ["dev"] },
      object: podOf([first, second], initial, name),
    },
  };
}

export function podOf([first, second], initial, name) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      initContainers: [{ name: "c", image: initial }],
      containers: [
        { name: "a", image: first },
        { name: "b", image: second },
      ],
    },
  };
}
