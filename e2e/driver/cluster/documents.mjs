import { parseAllDocuments } from "yaml";

/**
 * The documents of a manifest, each with its own text.
 *
 * @param {string} text YAML
 * @returns {{apiVersion: string, kind: string, namespace?: string, name: string, text: string}[]}
 */
export function documentsOf(text) {
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS();
    if (object === null || object === undefined) return [];
    const [start, , end] = document.range;
    return [{ ...identityOf(object), text: text.slice(start, end) }];
  });
}

/**
 * The documents of an engine's own installation. They are megabytes, of which only the heads have to be read: in such
 * a file, made by a program, a document begins at a line `---` and its own fields are not indented.
 *
 * @param {string} text YAML
 */
export function installedDocumentsOf(text) {
  return text.split(/^---$/m).flatMap((part) => {
    const apiVersion = /^apiVersion: (\S+)$/m.exec(part)?.[1];
    const kind = /^kind: (\S+)$/m.exec(part)?.[1];
    if (apiVersion === undefined || kind === undefined) return [];
    const metadata = /^metadata:\n((?: .*\n)+)/m.exec(part)?.[1] ?? "";
    const field = (name) => new RegExp(`^  ${name}: "?([^"\\n]+)"?$`, "m").exec(metadata)?.[1];
    const name = field("name");
    if (name === undefined) throw new Error(`a document of kind ${kind} has no name`);
    const namespace = field("namespace");
    return [{ apiVersion, kind, name, ...(namespace !== undefined && { namespace }), text: part }];
  });
}

/** What the API server finds an object by, and the object as JSON, which is YAML too. */
export function documentOf(object) {
  return { ...identityOf(object), text: JSON.stringify(object) };
}

function identityOf({ apiVersion, kind, metadata: { name, namespace } }) {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}
