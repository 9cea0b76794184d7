import { type Document, isCollection, isMap, isNode, isScalar, type Node, parseAllDocuments } from "yaml";
import type { Diagnostic } from "./diagnostic.js";
import { ownProperty } from "./json-value.js";
import type { Place } from "./place.js";
import { type ReadNodes, readNodes } from "./read-nodes.js";
import { diagnosticAt, placeAt, type SourceText, type Span, sourceText } from "./source-text.js";
import { syntaxDiagnostic } from "./syntax-diagnostic.js";
import { unreadableText } from "./unreadable-text.js";

/** Keys and indices from the root of a document to a value. */
export type Path = readonly (string | number)[];

/** One document of a YAML file: its JSON value, and where each part of it stands. */
export interface SourceDocument {
  readonly source: SourceText;
  /** The value, aliases written out; `undefined` where `diagnostics` say that it could not be read. */
  readonly value: unknown;
  /** `apiVersion` and `kind`, as far as they can be read even from a document with errors. */
  readonly apiVersion: unknown;
  readonly kind: unknown;
  /** What is wrong with it as YAML; empty if it can be used. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where the document's content begins and ends. */
  readonly span: Span;
  /** Where a value stands, or with `"key"` the key in front of it; the nearest that exists where the path does not. */
  readonly spanOf: (path: Path, part?: "key" | "value") => Span;
  /** A scalar as it is written (`1.10`), `undefined` for anything else. */
  readonly writtenAt: (path: Path) => string | undefined;
}

/**
 * Reads YAML 1.2 with the core schema, of which JSON is a part: no merge keys, no tags but the schema's own, no key
 * twice. Documents without content are left out.
 *
 * @returns the documents, each with its own diagnostics, and what is wrong with the file as a whole.
 */
export function readDocuments(file: { readonly text: string; readonly file: string }): {
  readonly documents: readonly SourceDocument[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const source = sourceText(file);
  const unreadable = unreadableText(source);
  if (unreadable !== undefined) return { documents: [], diagnostics: [unreadable] };
  const parsed = parseAllDocuments(source.text, {
    // Keys are compared in `readNodes`: the library's comparison takes quadratic time.
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    resolveKnownTags: false,
    merge: false,
    logLevel: "silent",
  });
  const documents = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
  return {
    documents: documents
      .filter((document) => document.errors.length > 0 || !isEmpty(document))
      .map((document) => readDocument(source, document)),
    diagnostics: [],
  };
}

/** A problem at a place of a document. */
export function diagnosticIn(
  document: SourceDocument,
  path: Path,
  problem: Parameters<typeof diagnosticAt>[2],
  part: "key" | "value" = "value",
): Diagnostic {
  return diagnosticAt(document.source, document.spanOf(path, part), problem);
}

/** A place of a document, kept for what may be found wrong with it later. */
export function placeIn(document: SourceDocument, path: Path): Place {
  return placeAt(document.source, document.spanOf(path));
}

function isEmpty({ contents }: Document.Parsed): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && contents.source === "");
}

function readDocument(source: SourceText, document: Document.Parsed): SourceDocument {
  const root: unknown = document.contents;
  const span = isNode(root) ? spanOfNode(root) : { start: document.range[0], end: document.range[0] };
  const version = document.directives.yaml.version;
  // What follows nesting that is too deep comes of it.
  const tooDeep = document.errors.find((error) => error.code === "RESOURCE_EXHAUSTION");
  const syntax = (tooDeep === undefined ? document.errors : [tooDeep]).map((error) => syntaxDiagnostic(source, error));
  if (version !== "1.2") {
    syntax.push(
      diagnosticAt(
        source,
        { start: document.range[0], end: document.range[0] + 1 },
        {
          code: "yaml-version",
          message: `the document asks for YAML ${version}`,
          help: "remove the `%YAML` directive: policies are YAML 1.2",
        },
      ),
    );
  }
  const nodes = readNodes(root, syntax.length > 0);
  const { value, problems } = nodes;
  const diagnostics = [
    ...syntax,
    ...problems.map((problem) => diagnosticAt(source, spanOfNode(problem.node), problem)),
  ];

  const find = (path: Path): Node | undefined => nodeAt(root, path, nodes);
  return {
    source,
    value: diagnostics.length > 0 ? undefined : value,
    apiVersion: ownProperty(value, "apiVersion"),
    kind: ownProperty(value, "kind"),
    diagnostics,
    span,
    spanOf: (path, part = "value") => {
      for (let length = path.length; length > 0; length -= 1) {
        const isWhole = length === path.length;
        const key = isWhole && part === "key" ? keyAt(root, path, nodes) : undefined;
        const node = key ?? find(path.slice(0, length));
        if (node !== undefined) {
          // What is missing from a collection is pointed at by the key of the collection, not by all of it.
          const parentKey = !isWhole && isCollection(node) ? keyAt(root, path.slice(0, length), nodes) : undefined;
          return spanOfNode(parentKey ?? node);
        }
      }
      return span;
    },
    writtenAt: (path) => {
      const node = find(path);
      return isScalar(node) && node.range ? source.text.slice(node.range[0], node.range[1]) : undefined;
    },
  };
}

/** A scalar that is not there (`allow:`) has no characters of its own. */
function spanOfNode(node: Node): Span {
  const [start = 0, end = 0] = node.range ?? [];
  return { start, end: Math.max(end, start + 1) };
}

function nodeAt(root: unknown, path: Path, { targetOf, pairOf }: ReadNodes): Node | undefined {
  let node: unknown = root;
  for (const step of path) {
    const collection = targetOf(node);
    if (isMap(collection)) node = pairOf(collection, String(step))?.value;
    else if (isCollection(collection) && typeof step === "number") node = collection.items[step];
    else return undefined;
  }
  return isNode(node) ? node : undefined;
}

function keyAt(root: unknown, path: Path, nodes: ReadNodes): Node | undefined {
  const map = nodes.targetOf(nodeAt(root, path.slice(0, -1), nodes));
  const key = isMap(map) ? nodes.pairOf(map, String(path.at(-1)))?.key : undefined;
  return isNode(key) ? key : undefined;
}
