import { isObject, ownProperty, valueAt } from "@registry-policy/language";
import { type Document, parseAllDocuments, YAMLParseError } from "yaml";
import { InputError } from "../files/input-error.js";

/** A file of one side, by the path that the user gave. */
export interface ComparedFile {
  readonly path: string;
  readonly text: string;
}

/** One object of a file. */
export interface ComparedDocument {
  /** The file that holds it; `a.yaml, document 2` where it holds several documents. */
  readonly place: string;
  readonly text: string;
  /** Empty for what has none. */
  readonly kind: string;
  readonly content: unknown;
}

/**
 * The objects of a file: its documents, and the items of a list such as `kubectl get -o yaml` prints. Empty documents are
 * left out, as kubectl leaves them out.
 *
 * @throws InputError for what is no YAML.
 */
export function comparedDocuments({ path, text }: ComparedFile): ComparedDocument[] {
  const source = text.replace(/^\ufeff/, "");
  const documents = [...parseAllDocuments(source, { logLevel: "silent" })];
  return documents.flatMap((document, index) => {
    const place = documents.length > 1 ? `${path}, document ${index + 1}` : path;
    const content = contentOf(place, document);
    if (content === null || content === undefined) return [];
    const [start, , end] = document.range;
    return objectsOf(place, source.slice(start, end), content);
  });
}

function objectsOf(place: string, text: string, content: unknown): ComparedDocument[] {
  const items = itemsOf(content);
  if (items === undefined) return [{ place, text, kind: kindOf(content), content }];
  return items.map((item, index) => {
    return { place: `${place}, item ${index + 1}`, text: JSON.stringify(item), kind: kindOf(item), content: item };
  });
}

function contentOf(place: string, document: Document.Parsed): unknown {
  try {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // What is no YAML; an alias of nothing, and aliases that explode.
    if (!(error instanceof YAMLParseError) && !(error instanceof ReferenceError)) throw error;
    const [message = ""] = error.message.split("\n");
    throw new InputError(`\`${place}\` is no YAML: ${message.replace(/:$/, "")}`, "correct the file");
  }
}

function itemsOf(content: unknown): unknown[] | undefined {
  const items = valueAt(content, ["items"]);
  return kindOf(content).endsWith("List") && Array.isArray(items) ? items : undefined;
}

function kindOf(content: unknown): string {
  const kind = isObject(content) ? ownProperty(content, "kind") : undefined;
  return typeof kind === "string" ? kind : "";
}
