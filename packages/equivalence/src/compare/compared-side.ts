import type { HostEngineId } from "@registry-policy/engines";
import {
  isObject,
  type LabelSelector,
  ownProperty,
  type Policy,
  parsePolicies,
  valueAt,
} from "@registry-policy/language";
import { parseAllDocuments } from "yaml";
import { InputError } from "../files/input-error.js";

/** A file of one side, by the path that the user gave. */
export interface ComparedFile {
  readonly path: string;
  readonly text: string;
  /** Whether it was found in a directory: it may then be of another kind, and is left alone. */
  readonly isFound?: boolean;
}

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
  const named = files.map(({ path }) => `\`${path}\``).join(", ");
  if (files.some(({ path }) => path.endsWith(".rego"))) {
    const read = files.filter(({ path, isFound }) => isFound !== true || /\.(?:rego|json)$/.test(path));
    const asked = entrypoint ?? defaultEntrypoint;
    return {
      judges: "opa-rego",
      title: "Rego",
      files: read,
      policies: [],
      onError: "refused",
      entrypoint: asked,
    };
  }
  const perFile = files.map((file) => ({ file, documents: readDocuments(file) }));
  const known = perFile.filter(({ file, documents }) => file.isFound !== true || documents.some(isPolicyPart));
  return manifestSide(
    known.map(({ file }) => file),
    known.flatMap(({ documents }) => documents),
    named,
  );
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

function manifestSide(files: readonly ComparedFile[], documents: readonly ReadDocument[], named: string): ComparedSide {
  const found = [...new Set(documents.map(({ kind }) => kind).filter((kind) => Object.hasOwn(titles, kind)))];
  const [kind] = found;
  const facts = kind === undefined ? undefined : titles[kind];
  if (facts === undefined) throw new InputError(`there is no policy in ${named}`, help);
  if (found.length > 1) throw new InputError(`${named} holds both a ${found[0]} and a ${found[1]}`, help);
  if (facts.judges === "reference") return ownSide(files, facts.title);
  const policies = documents.filter((document) => document.kind === kind);
  // Kyverno refuses where an expression of a ValidatingPolicy fails, whatever it says (pkg/webhooks/resource/vpol).
  const ignores = kind !== "ValidatingPolicy" && policies.every(({ content }) => failurePolicyOf(content) === "Ignore");
  const judges = policies.some(({ content }) => hasCel(content)) ? "gatekeeper-cel" : facts.judges;
  return { ...facts, judges, files, policies: [], onError: ignores ? "admitted" : "refused" };
}

/** Whether a template has CEL: of one that has Rego too, Gatekeeper runs the CEL alone. */
function hasCel(template: unknown): boolean {
  const targets = valueAt(template, ["spec", "targets"]);
  const code = Array.isArray(targets) ? targets.flatMap((target) => valueAt(target, ["code"]) ?? []) : [];
  return code.some((one) => valueAt(one, ["engine"]) === "K8sNativeValidation");
}

function ownSide(files: readonly ComparedFile[], title: string): ComparedSide {
  const parsed = files.map(({ path, text }) => parsePolicies({ text, file: path }));
  const wrong = parsed.flatMap(({ diagnostics }) => diagnostics).find(({ severity }) => severity === "error");
  if (wrong !== undefined) {
    const { file, line } = wrong.location;
    throw new InputError(`${file}:${line}: ${wrong.message}`, "run `registry-policy generate` on it, which says more");
  }
  const policies = parsed.flatMap(({ policies }) => policies);
  return { judges: "reference", title, files, policies, onError: "refused" };
}

/** A policy, or what makes one work: a binding, a constraint. */
function isPolicyPart({ kind, content }: ReadDocument): boolean {
  return Object.hasOwn(titles, kind) || kind === "ValidatingAdmissionPolicyBinding" || isConstraint(content);
}

function isConstraint(content: unknown): boolean {
  const apiVersion = isObject(content) ? ownProperty(content, "apiVersion") : undefined;
  return String(apiVersion).startsWith("constraints.gatekeeper.sh/");
}

interface ReadDocument {
  readonly kind: string;
  readonly content: unknown;
}

function readDocuments({ path, text }: ComparedFile): ReadDocument[] {
  const documents = parseAllDocuments(text, { logLevel: "silent" });
  return [...documents].map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new InputError(`\`${path}\` is no YAML: ${error.message.split("\n")[0]}`, help);
    const content: unknown = document.toJS({ maxAliasCount: 100 });
    const kind = isObject(content) ? ownProperty(content, "kind") : undefined;
    // What a policy of ours becomes for Gatekeeper has the same kind.
    return { kind: typeof kind === "string" && !isConstraint(content) ? kind : "", content };
  });
}

function failurePolicyOf(content: unknown): unknown {
  return (
    valueAt(content, ["spec", "failurePolicy"]) ?? valueAt(content, ["spec", "webhookConfiguration", "failurePolicy"])
  );
}
