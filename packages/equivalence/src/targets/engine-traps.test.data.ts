import type { TargetId } from "@registry-policy/compiler";

/** A mistake that an engine invites, and the request that shows who makes it. */
export interface Trap {
  readonly title: string;
  readonly target: TargetId;
  /** The `spec` of each policy, as YAML. Where there are several, their names differ in the last character alone. */
  readonly policies: readonly string[];
  /** One of the `cases` of fixtures, as YAML. */
  readonly request: string;
  /** The engine's verdict with what is emitted, and what becomes of the request. */
  readonly says: string;
  /** Makes the mistake in a file. */
  readonly fall: (text: string) => string;
  /** The same with the mistake in it, or what the engine host says as it refuses it. */
  readonly fallen: string | RegExp;
}

const ours = "images: {allow: [registry.my.com]}";
const ephemeral = `name: an ephemeral container
operation: UPDATE
subResource: ephemeralcontainers
object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {ephemeralContainers: [{name: e, image: nginx}], containers: [{name: c, image: registry.my.com/x}]}}
oldObject: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: registry.my.com/x}]}}
expect: deny`;
const controller = (apiVersion: string, kind: string, expect: string, image = "nginx") => `name: a ${kind}
object: {apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}, spec: {template: {spec: {containers: [{name: c, image: ${image}}]}}}}
expect: ${expect}`;
const deletion = `name: a deletion
operation: DELETE
oldObject: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: nginx}]}}
expect: out-of-scope`;
const container = (index: number) => `{name: c${index}, image: ${"a".repeat(500)}}`;
/** What costs more than any engine spends on an expression. */
const thousandContainers = `name: a thousand containers
object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [${Array.from({ length: 1000 }, (_, index) => container(index)).join()}]}}
expect: deny`;
const longImage = `{name: a long image, image: registry.my.com/${"a".repeat(600_000)}, expect: deny}`;
const unknownLabels = "{name: unknown labels, image: nginx, namespace: {name: a, labels: null}, expect: deny}";
const inKubeSystem = "{name: in kube-system, image: nginx, namespace: {name: kube-system}, expect: deny}";

const leave = (part: string | RegExp) => (text: string) => text.replaceAll(part, "");
const swap = (part: string | RegExp, other: string) => (text: string) => text.replaceAll(part, other);
const ephemeralRule = leave(/ *- pods\/ephemeralcontainers\n/g);
const otherRules = leave(/ *- replicationcontrollers\n(?:.|\n)*?(?= {2}variables:)/g);
const noAutogen = leave(/ *autogen:\n.*\n *controllers: \[\]\n/g);
const leaveControllersToKyverno = (text: string) => noAutogen(otherRules(ephemeralRule(text)));

export const traps: readonly Trap[] = [
  {
    title: "autogen: Kyverno rewrites texts in the rules that it makes",
    target: "kyverno-cluster-policy",
    policies: ["images: {allow: [docker.io, registry.my.com/request.object.spec/**]}"],
    request: controller("apps/v1", "Deployment", "allow", "registry.my.com/request.object.spec/x"),
    says: "allow, admitted",
    fall: (text) =>
      text
        .replace("autogen-controllers: none", "autogen-controllers: Deployment")
        .replace(/"\/\*\/Pod"\n(?: *- ".*"\n)*/, "Pod\n"),
    fallen: "deny, refused",
  },
  {
    title: "autogen: Kyverno rewrites texts in the policies that it makes",
    target: "kyverno-validating-policy",
    policies: ["images: {allow: [registry.my.com/object.spec/**]}"],
    request: controller("apps/v1", "Deployment", "allow", "registry.my.com/object.spec/x"),
    says: "allow, admitted",
    fall: leaveControllersToKyverno,
    fallen: "deny, refused",
  },
  {
    title: "ReplicationController: autogen leaves it out",
    target: "kyverno-validating-policy",
    policies: [ours],
    request: controller("v1", "ReplicationController", "deny"),
    says: "deny, refused",
    fall: leaveControllersToKyverno,
    fallen: "out-of-scope, admitted",
  },
  ...(["kyverno-validating-policy", "validating-admission-policy"] as const).map((target) => ({
    title: "pods/ephemeralcontainers: no rule for pods covers it",
    target,
    policies: [ours],
    request: ephemeral,
    says: "deny, refused",
    fall: ephemeralRule,
    fallen: "out-of-scope, admitted",
  })),
  {
    title: "DELETE: the object is {}, and not null",
    target: "kyverno-validating-policy",
    policies: [ours],
    request: deletion,
    says: "out-of-scope, admitted",
    fall: (text) =>
      text
        .replaceAll(/^( *)- UPDATE$/gm, "$1- UPDATE\n$1- DELETE")
        .replace("  variables:", "  matchConditions: [{name: an-object, expression: object != null}]\n  variables:"),
    fallen: "deny, refused",
  },
  {
    title: "failurePolicy: what cannot be matched is let through",
    target: "kyverno-cluster-policy",
    policies: [`match: {namespaceSelector: {matchLabels: {a: b}}}\n${ours}`],
    request: unknownLabels,
    says: "error, refused",
    fall: swap("failurePolicy: Fail", "failurePolicy: Ignore"),
    fallen: "error, admitted",
  },
  {
    title: "failurePolicy: what fails is let through",
    target: "validating-admission-policy",
    policies: [ours],
    request: thousandContainers,
    says: "error, refused",
    fall: swap("failurePolicy: Fail", "failurePolicy: Ignore"),
    fallen: "error, admitted",
  },
  {
    title: "failurePolicy: what fails is let through",
    target: "gatekeeper-cel",
    policies: [ours],
    request: thousandContainers,
    says: "error, refused",
    fall: swap("failurePolicy: Fail", "failurePolicy: Ignore"),
    fallen: "allow, admitted",
  },
  {
    // Gatekeeper itself leaves the field out in silence; the engine host does not.
    title: "matchCondition: with an s at its end nobody is exempt",
    target: "gatekeeper-cel",
    policies: [`${ours}\nexempt: {users: [robot]}`],
    request: "{name: an exempt user, image: nginx, user: {name: robot}, expect: out-of-scope}",
    says: "allow, admitted",
    fall: swap("matchCondition:", "matchConditions:"),
    fallen: /unknown field "matchConditions"/,
  },
  ...(["kyverno-validating-policy", "validating-admission-policy", "gatekeeper-cel"] as const).map((target) => ({
    title: "the cost limit: a text is matched that has any length",
    target,
    policies: [ours],
    request: longImage,
    says: "deny, refused",
    fall: leave(/size\(image\) (?:<= 512 &&|> 512 \|\|)\s+/g),
    fallen: "error, refused",
  })),
  {
    title: "default exclusions: kube-system is left out",
    target: "validating-admission-policy",
    policies: [ours],
    request: inKubeSystem,
    says: "deny, refused",
    fall: swap(
      "  variables:",
      "  matchConditions: [{name: ours, expression: request.namespace != 'kube-system'}]\n  variables:",
    ),
    fallen: "out-of-scope, admitted",
  },
  {
    title: "default exclusions: kube-system is left out",
    target: "kyverno-cluster-policy",
    policies: [ours],
    request: inKubeSystem,
    says: "deny, refused",
    fall: swap(
      "      validate:\n",
      "      exclude: {any: [{resources: {namespaces: [kube-system]}}]}\n      validate:\n",
    ),
    fallen: "out-of-scope, admitted",
  },
];
