import { Document, isScalar, Scalar, visit } from "yaml";

/**
 * A Kubernetes resource, or a part of one, as YAML that every reader understands alike. Go's readers take YAML 1.1:
 * `no`, `on`, `1e3`, `0o7` or `12:30` would reach an engine as something else than text. So a text stands without
 * quotes only if it is plainly a word, on several lines as a block, and else in the quotes of JSON.
 *
 * @param value plain data: objects, arrays, texts, numbers, booleans, null.
 */
export function resourceText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === "string") node.type = scalarStyle(node.value);
    },
  });
  // YAML 1.1 takes these for line breaks or for a mark of the encoding; what is not ASCII stands in quotes.
  return document
    .toString({ lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", doubleQuotedAsJSON: true })
    .replace(/[\u0085\u2028\u2029\ufeff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function scalarStyle(text: string): "PLAIN" | "BLOCK_LITERAL" | "QUOTE_DOUBLE" {
  if (/^[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./()-]+)*[.,]?$/.test(text) && !yaml11Words.has(text.toLowerCase())) {
    return Scalar.PLAIN;
  }
  // A block shows its text as it is, so all of it has to be printable, and it cannot begin or end with white space.
  if (/^[\x21-\x7e][\n\x20-\x7e]*\n[\n\x20-\x7e]*[\x21-\x7e]\n?$/.test(text) && !/[ ]\n/.test(text)) {
    return Scalar.BLOCK_LITERAL;
  }
  return Scalar.QUOTE_DOUBLE;
}

const yaml11Words = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"]);
