import type { HostEngineId } from "@registry-policy/engines";
import {
  isObject,
  type LabelSelector,
  ownProperty,
  type Policy,
  parsePolicies,
  valueAt,
} from "@registry-policy/language";
import { InputError } from "../files/input-error.js";
import { type ComparedDocument, type ComparedFile, comparedDocuments } from "./compared-documents.js";

/** What one side of a comparison is, before any engine has seen it. */
export interface ComparedSide {
  /** Who judges: the reference evaluator for our own policies, a webhook that runs, an engine for everything else. */
  readonly judges: "reference" | RunningWebhook | HostEngineId;
  /** As people call it: `ClusterPolicy`. */
  readonly title: string;
  readonly files: readonly ComparedFile[];
  /** Our own policies, if it is that. */
  readonly policies: readonly Policy[];
  /** What the cluster does with a request about which the engine fails. */
  readonly onError: "admitted" | "refused";
  /** What becomes of a request while the engine is away, where the policy says it. */
  readonly failurePolicy?: "Fail" | "Ignore";
  /** The rule that is asked for, of Rego. */
  readonly entrypoint?: string;
}

/** Somebody's webhook, of which no more is known than what it answers. */
export interface RunningWebhook {
  readonly url: string;
  /** The namespaces about which it is asked; absent: all. */
  readonly namespaceSelector?: LabelSelector;
}

/** The rule that is asked for where the user names none, as in the bundles of OPA's own tutorial. */
export const defaultEntrypoint = "kubernetes/admission/deny";

const titles: Readonly<Record<string, Pick<ComparedSide, "title" | "judges">>> = {
  RegistryPolicy: { title: "RegistryPolicy", judges: "reference" },
  ClusterPolicy: { title: "ClusterPolicy", judges: "kyverno-cluster-policy" },
  ValidatingPolicy: { title: "ValidatingPolicy", judges: "kyverno-validating-policy" },
  ConstraintTemplate: { title: "Gatekeeper template", judges: "gatekeeper" },
  ValidatingAdmissionPolicy: { title: "ValidatingAdmissionPolicy", judges: "validating-admission-policy" },
};

const help =
  "name files of one kind of policy: a RegistryPolicy, a ClusterPolicy, a ValidatingPolicy, a Gatekeeper template with its constraints, a ValidatingAdmissionPolicy with its binding, or Rego";

/**
 * Finds out what the files of a side are.
 *
 * @param files the whole side: a template and its constraints together.
 * @param entrypoint the rule to ask for, of Rego.
 * @throws InputError if they are no policy, or of several kinds.
 */
export function comparedSide(files: readonly ComparedFile[], entrypoint?: string): ComparedSide {
  const named = files.length === 0 ? "an empty directory" : files.map(({ path }) => `\`${path}\``).join(", ");
  const rego = files.filter(isRego);
  if (rego.length > 0) return regoSide(files, rego, named, entrypoint ?? defaultEntrypoint);
  const documentsOf = new Map(files.map((file) => [file, comparedDocuments(file)]));
  const documents = [...documentsOf.values()].flat();
  const kind = kindOfSide(documents, named);
  if (kind === undefined) throw new InputError(`there is no policy in ${named}`, help);
  if (kind === "RegistryPolicy") return ownSide(files.filter((file) => documentsOf.get(file)?.some(isOwn)));
  const paramKinds = new Set(documents.flatMap(paramKindOf));
  const isPart = (document: ComparedDocument) =>
    isPolicyPart(document) || paramKinds.has(kindWithVersion(document.content));
  return manifestSide(kind, documents.filter(isPart));
}

function isRego({ path, text }: ComparedFile): boolean {
  return path.endsWith(".rego") || (!/\.(?:ya?ml|json)$/.test(path) && /^\s*(?:#[^\n]*\n\s*)*package\s/.test(text));
}

function regoSide(
  files: readonly ComparedFile[],
  rego: readonly ComparedFile[],
  named: string,
  entrypoint: string,
): ComparedSide {
  const data = files.filter(({ path }) => path.endsWith(".json"));
  const others = files.filter((file) => !rego.includes(file) && !data.includes(file));
  const other = kindOfSide(others.flatMap(comparedDocuments), named);
  if (other !== undefined) throw new InputError(`${named} holds both Rego and a ${other}`, help);
  // What is read from standard input has no name that says what it is.
  const texts = rego.map(({ path, text }) => ({ path: path.endsWith(".rego") ? path : `${path}.rego`, text }));
  return {
    judges: "opa-rego",
    title: "Rego",
    files: [...texts, ...data],
    policies: [],
    onError: "refused",
    entrypoint,
  };
}

/** The one kind of policy of a side. */
function kindOfSide(documents: readonly ComparedDocument[], named: string): string | undefined {
  const policies = documents.filter(({ kind, content }) => Object.hasOwn(titles, kind) && !isConstraint(content));
  const [kind, other] = [...new Set(policies.map(({ kind }) => kind))];
  if (other !== undefined) throw new InputError(`${named} holds both a ${kind} and a ${other}`, help);
  return kind;
}

/**
 * A side that is a webhook. The API server tells no webhook the labels of namespaces: the webhook's configuration selects
 * by them, so it is taken to select as the policy does that it is compared with.
 *
 * @param url where it takes an AdmissionReview.
 * @param other the other side, if there is one whose files are read.
 */
export function webhookSide(url: string, other?: ComparedSide): ComparedSide {
  const [policy, ...more] = other?.policies ?? [];
  const namespaceSelector = more.length === 0 ? policy?.match.namespaceSelector : undefined;
  const judges = { url, ...(namespaceSelector !== undefined && { namespaceSelector }) };
  return { judges, title: "Webhook", files: [], policies: [], onError: "refused" };
}

function manifestSide(kind: string, documents: readonly ComparedDocument[]): ComparedSide {
  const facts = titles[kind];
  if (facts === undefined) throw new Error(`there is no kind ${kind}`);
  const policies = documents.filter((document) => document.kind === kind && !isConstraint(document.content));
  // Kyverno refuses where an expression of a ValidatingPolicy fails, whatever it says (pkg/webhooks/resource/vpol).
  const isIgnored = policies.every(({ content }) => failurePolicyOf(content) === "Ignore");
  const ignores = kind !== "ValidatingPolicy" && isIgnored;
  // Of a template it is Gatekeeper's own webhook that says it.
  const failurePolicy = kind === "ConstraintTemplate" ? undefined : isIgnored ? "Ignore" : "Fail";
  const judges = policies.some(({ content }) => hasCel(content)) ? "gatekeeper-cel" : facts.judges;
  const files = documents.map(({ place, text }) => ({ path: place, text }));
  const onError = ignores ? "admitted" : "refused";
  return { ...facts, judges, files, policies: [], onError, ...(failurePolicy !== undefined && { failurePolicy }) };
}

/** Whether a template has CEL: of one that has Rego too, Gatekeeper runs the CEL alone. */
function hasCel(template: unknown): boolean {
  const targets = valueAt(template, ["spec", "targets"]);
  const code = Array.isArray(targets) ? targets.flatMap((target) => valueAt(target, ["code"]) ?? []) : [];
  return code.some((one) => valueAt(one, ["engine"]) === "K8sNativeValidation");
}

function ownSide(files: readonly ComparedFile[]): ComparedSide {
  const parsed = files.map(({ path, text }) => parsePolicies({ text, file: path }));
  const wrong = parsed.flatMap(({ diagnostics }) => diagnostics).find(({ severity }) => severity === "error");
  if (wrong !== undefined) {
    const { file, line } = wrong.location;
    throw new InputError(`${file}:${line}: ${wrong.message}`, "run `registry-policy generate` on it, which says more");
  }
  const policies = parsed.flatMap(({ policies }) => policies);
  return { judges: "reference", title: "RegistryPolicy", files, policies, onError: "refused" };
}

/** What beside a policy decides with it. What an engine cannot take is left to it to refuse, and is not passed over. */
const partKinds: ReadonlySet<string> = new Set([
  ...Object.keys(titles),
  "ValidatingAdmissionPolicyBinding",
  "PolicyException",
  "ExpansionTemplate",
]);

function isPolicyPart({ kind, content }: ComparedDocument): boolean {
  return partKinds.has(kind) || isConstraint(content);
}

/** The kind of what a ValidatingAdmissionPolicy takes as its parameters, which stand beside it. */
function paramKindOf({ kind, content }: ComparedDocument): string[] {
  const paramKind = kind === "ValidatingAdmissionPolicy" ? valueAt(content, ["spec", "paramKind"]) : undefined;
  return isObject(paramKind) ? [kindWithVersion(paramKind)] : [];
}

function kindWithVersion(object: unknown): string {
  return ["apiVersion", "kind"].map((field) => String(valueAt(object, [field]))).join(" ");
}

function isOwn({ kind, content }: ComparedDocument): boolean {
  return kind === "RegistryPolicy" && !isConstraint(content);
}

function isConstraint(content: unknown): boolean {
  const apiVersion = isObject(content) ? ownProperty(content, "apiVersion") : undefined;
  return String(apiVersion).startsWith("constraints.gatekeeper.sh/");
}

function failurePolicyOf(content: unknown): unknown {
  return (
    valueAt(content, ["spec", "failurePolicy"]) ?? valueAt(content, ["spec", "webhookConfiguration", "failurePolicy"])
  );
}
