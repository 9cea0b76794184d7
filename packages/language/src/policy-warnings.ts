import type { Diagnostic } from "./diagnostic.js";
import { matchesGlob } from "./glob.js";
import type { Policy } from "./policy.js";
import { quote } from "./quote.js";
import { diagnosticIn, type SourceDocument } from "./source-document.js";

/** Accounts under which Kubernetes' own controllers make Pods, and what Pods are made from. */
const controllerUsers = [
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "daemon-set-controller",
  "replication-controller",
  "job-controller",
  "cronjob-controller",
].map((name) => `system:serviceaccount:kube-system:${name}`);
/** What they use where `--use-service-account-credentials` is off. */
const controllerManager = "system:kube-controller-manager";
const controllerGroups = ["system:serviceaccounts:kube-system", "system:serviceaccounts", "system:authenticated"];

/** What is allowed but seldom meant: a policy without rules, exemptions of controllers, tags that digests override. */
export function policyWarnings(policy: Policy, document: SourceDocument): Diagnostic[] {
  return [
    ...withoutRules(policy, document),
    ...exemptControllers(policy, document),
    ...tagsWithoutDigest(policy, document),
  ];
}

function withoutRules({ images }: Policy, document: SourceDocument): Diagnostic[] {
  const { allow, deny, require, denyTags } = images;
  const hasRule = allow !== undefined || deny.length > 0 || denyTags.length > 0 || Object.values(require).some(Boolean);
  if (hasRule) return [];
  const message = "the policy refuses nothing but images that are no valid references";
  const help = "add `allow`, `deny`, `require` or `denyTags` to `spec.images`";
  return [diagnosticIn(document, ["spec", "images"], { code: "policy-without-rules", message, help }, "key")];
}

function exemptControllers({ exempt }: Policy, document: SourceDocument): Diagnostic[] {
  const accounts = { users: [...controllerUsers, controllerManager], groups: controllerGroups };
  return (["users", "groups"] as const).flatMap((list) =>
    exempt[list].flatMap((glob, index) => {
      const covered = accounts[list].find((account) => matchesGlob(glob, account));
      if (covered === undefined) return [];
      const what = glob === covered ? "is" : `covers \`${covered}\`,`;
      const message = `${quote(glob)} ${what} an account of Kubernetes' own controllers: no Pod that they make is judged`;
      const help = "name the accounts that you mean, none of them of `kube-system`";
      return [diagnosticIn(document, ["spec", "exempt", list, index], { code: "exempts-controllers", message, help })];
    }),
  );
}

function tagsWithoutDigest({ images }: Policy, document: SourceDocument): Diagnostic[] {
  return (images.allow ?? []).flatMap((entry, index) => {
    const pattern = entry.patterns.find(({ tag, digest }) => tag !== undefined && tag !== "*" && digest === undefined);
    if (pattern === undefined) return [];
    const image = `${pattern.text.replaceAll(/\*+/g, "a")}@sha256:…`;
    const message = `${quote(pattern.text)} admits a digest after the tag, as in ${quote(image)}, and then it is the digest that runs`;
    const help = "add `@sha256:…` to say what may run, or leave the tag out if any content of the repository may";
    return [diagnosticIn(document, ["spec", "images", "allow", index], { code: "tag-without-digest", message, help })];
  });
}
