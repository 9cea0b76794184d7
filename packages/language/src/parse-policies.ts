import { buildPolicy } from "./build-policy.js";
import { controlCharacterDiagnostics } from "./control-characters.js";
import type { Diagnostic } from "./diagnostic.js";
import { duplicateNames, type PolicyName } from "./duplicate-names.js";
import { ownProperty } from "./json-value.js";
import { limitDiagnostics } from "./limit-diagnostics.js";
import type { Policy } from "./policy.js";
import { policySchema } from "./policy-schema.js";
import { policyWarnings } from "./policy-warnings.js";
import { quote } from "./quote.js";
import { compileSchema } from "./schema-diagnostics.js";
import { diagnosticIn, placeIn, readDocuments, type SourceDocument } from "./source-document.js";
import { diagnosticAt, sourceText } from "./source-text.js";

/** A file of policies. */
export interface PolicyFile {
  /** The file's text, decoded from UTF-8. */
  readonly text: string;
  /** Its name, for the diagnostics. */
  readonly file: string;
  /**
   * What a document of another kind is: an error (the default) in a file that was named by itself, left alone with
   * `ignore` in one that was found in a directory.
   */
  readonly foreign?: "error" | "ignore";
}

export interface ParsedPolicies {
  /** Those without an error, in the order of the text. */
  readonly policies: readonly Policy[];
  /** At most 50, errors before warnings, and if there are more a last one that says how many. */
  readonly diagnostics: readonly Diagnostic[];
  /** The first use of each name in the text, for `duplicateNames` across files. */
  readonly names: readonly PolicyName[];
}

const checkSchema = compileSchema(policySchema);

/** The API group in which Gatekeeper serves the constraints of every template. */
const gatekeeperConstraints = "constraints.gatekeeper.sh/";

/**
 * Parses the policies of a file of one or more YAML documents.
 *
 * @returns the policies without errors, and everything that is wrong; nothing is thrown.
 */
export function parsePolicies(input: PolicyFile): ParsedPolicies {
  const { foreign = "error" } = input;
  // Charts, binaries and whatever else lies in a directory need not even be YAML.
  if (foreign === "ignore" && !/registry-policy\.dev|RegistryPolicy/.test(input.text)) {
    return { policies: [], diagnostics: [], names: [] };
  }
  const { documents, diagnostics } = readDocuments(input);
  if (documents.length === 0) {
    const isSilent = diagnostics.length > 0 || foreign === "ignore";
    return { policies: [], diagnostics: isSilent ? diagnostics : [emptyFile(input)], names: [] };
  }
  const parsed = documents.map((document) => parseDocument(document, foreign));
  const named = parsed.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const duplicates = duplicateNames(named);
  const policies = parsed.flatMap(({ policy, name }) => {
    const isDuplicate = duplicates.some(({ location }) => location === name?.place.location);
    return policy === undefined || isDuplicate ? [] : [policy];
  });
  const all = [...parsed.flatMap((document) => document.diagnostics), ...duplicates];
  return {
    policies,
    diagnostics: limitDiagnostics(all),
    names: named.filter((name) => !duplicates.some(({ location }) => location === name.place.location)),
  };
}

interface ParsedDocument {
  readonly policy?: Policy;
  readonly name?: PolicyName;
  readonly diagnostics: readonly Diagnostic[];
}

function parseDocument(document: SourceDocument, foreign: "error" | "ignore"): ParsedDocument {
  if (isForeign(document)) return { diagnostics: foreign === "ignore" ? [] : [foreignDocument(document)] };
  if (document.diagnostics.length > 0) return { diagnostics: document.diagnostics };

  const named = policyName(document);
  const name = named === undefined ? {} : { name: named };
  const unprintable = controlCharacterDiagnostics(document);
  const checked = checkSchema(document);
  if ("diagnostics" in checked) return { diagnostics: [...unprintable, ...checked.diagnostics], ...name };

  const { policy, diagnostics } = buildPolicy(document, checked.value);
  const errors = [...unprintable, ...diagnostics];
  return errors.length > 0
    ? { diagnostics: errors, ...name }
    : { policy, diagnostics: policyWarnings(policy, document), ...name };
}

/**
 * A document is left to others if it says that it is of another kind. One that has only one of the two right, or
 * whose kind cannot be read, is taken for a policy with an error: a misspelt policy is not passed over. The one other
 * `kind: RegistryPolicy` is the Gatekeeper constraint that is made of a policy, often in a folder below it.
 */
function isForeign({ apiVersion, kind, diagnostics }: SourceDocument): boolean {
  if (kind === "RegistryPolicy") return typeof apiVersion === "string" && apiVersion.startsWith(gatekeeperConstraints);
  if (kind === "Fixtures") return true;
  if (typeof apiVersion === "string" && apiVersion.startsWith("registry-policy.dev/")) return false;
  return diagnostics.length === 0 || (typeof apiVersion === "string" && typeof kind === "string");
}

function policyName(document: SourceDocument): PolicyName | undefined {
  const name = ownProperty(ownProperty(document.value, "metadata"), "name");
  return typeof name === "string" ? { name, place: placeIn(document, ["metadata", "name"]) } : undefined;
}

function foreignDocument(document: SourceDocument): Diagnostic {
  const { apiVersion, kind } = document;
  const what =
    typeof kind === "string"
      ? `a ${quote(kind)}${typeof apiVersion === "string" ? ` of ${quote(apiVersion)}` : ""}`
      : "a document without a kind";
  return diagnosticIn(document, [typeof kind === "string" ? "kind" : ""], {
    code: "foreign-document",
    message: `${what} is no registry policy`,
    help: "name files that hold `kind: RegistryPolicy` of `apiVersion: registry-policy.dev/v1`, or a directory, in which other kinds are left alone",
  });
}

function emptyFile(input: PolicyFile): Diagnostic {
  return diagnosticAt(
    sourceText(input),
    { start: 0, end: 1 },
    {
      code: "empty-file",
      message: "the file holds no policy",
      help: "write one that begins with `apiVersion: registry-policy.dev/v1` and `kind: RegistryPolicy`",
    },
  );
}
