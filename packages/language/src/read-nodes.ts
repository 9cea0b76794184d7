import { isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import { quote } from "./quote.js";
import type { TextProblem } from "./text-problem.js";

const maximumDepth = 100;
/** Each use of an alias counts all that it stands for. */
const maximumNodes = 500_000;
/** Past this many problems a document is not read on. */
const maximumProblems = 100;

const coreTags: ReadonlySet<string> = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`),
);

/** A problem of the YAML of a document, and the node that has it. */
export interface NodeProblem extends TextProblem {
  readonly node: Node;
}

export interface ReadNodes {
  readonly value: unknown;
  readonly problems: readonly NodeProblem[];
  /** What an alias stands for; any other node itself. */
  readonly targetOf: (node: unknown) => unknown;
  /** The last pair of a mapping that has a key. */
  readonly pairOf: (map: YAMLMap, key: string) => Pair | undefined;
}

/**
 * Turns the nodes of a document into a JSON value, aliases written out.
 *
 * @param hasErrors whether the document is known to be bad: then only what is bad about its nodes is not looked for.
 * @returns the value as far as it can be read, what is wrong, and what each alias stands for.
 */
export function readNodes(root: unknown, hasErrors: boolean): ReadNodes {
  const problems: NodeProblem[] = [];
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  const pairs = new Map<YAMLMap, Map<string, Pair>>();
  const open = new Set<Node>();
  let count = 0;
  let isTooMuch = false;

  const report = (node: Node, code: TextProblem["code"], message: string, help: string): undefined => {
    if (!hasErrors && problems.length < maximumProblems) problems.push({ node, code, message, help });
  };

  /** `alias`: the outermost one inside of what it stands for this is, which was looked at where it was written. */
  const read = (node: unknown, depth: number, alias: Node | undefined): unknown => {
    if (!isNode(node) || isTooMuch || problems.length >= maximumProblems) return null;
    count += 1;
    if (count > maximumNodes) {
      isTooMuch = true;
      return report(
        alias ?? node,
        "too-many-nodes",
        `the document holds more than ${maximumNodes} values, its aliases written out`,
        "split it, or write fewer aliases",
      );
    }
    if (depth > maximumDepth) {
      return report(
        alias ?? node,
        "too-deep",
        `collections are nested more than ${maximumDepth} deep`,
        "remove nesting: no policy needs so much of it",
      );
    }
    if (isAlias(node)) {
      const target = targets.get(node) ?? anchors.get(node.source);
      if (target === undefined) {
        const help = `put it between quotes if it is a text: \`"*${node.source}"\``;
        return report(
          node,
          "unknown-alias",
          `${quote(`*${node.source}`)} is an alias for which there is no anchor`,
          help,
        );
      }
      targets.set(node, target);
      if (open.has(target)) {
        return report(
          node,
          "cyclic-alias",
          `${quote(`*${node.source}`)} stands inside of what it names`,
          "write the value out",
        );
      }
      return read(target, depth, alias ?? node);
    }
    if (alias === undefined) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      if (node.tag !== undefined && !coreTags.has(node.tag)) {
        report(
          node,
          "yaml-tag",
          `the tag ${quote(node.tag)} is not one of YAML's core schema`,
          "remove the tag and write the value as text",
        );
      }
    }
    if (isScalar(node)) {
      if (typeof node.value !== "number" || Number.isFinite(node.value)) return node.value ?? null;
      return report(
        node,
        "wrong-type",
        `${quote(node.source ?? "")} is no number of JSON`,
        "put it between quotes if it is a text",
      );
    }
    open.add(node);
    const value = isMap(node)
      ? readMap(node, depth, alias)
      : isSeq(node)
        ? node.items.map((item) => read(item, depth + 1, alias))
        : null;
    open.delete(node);
    return value;
  };

  const readMap = (map: YAMLMap, depth: number, alias: Node | undefined): unknown => {
    const entries = new Map<string, unknown>();
    const byKey = new Map<string, Pair>();
    pairs.set(map, byKey);
    for (const pair of map.items) {
      const { key, value } = pair;
      read(key, depth + 1, alias);
      // Any other key is an error of the parser's.
      if (!isScalar(key)) continue;
      const name = String(key.value);
      if (entries.has(name) && alias === undefined) {
        report(key, "duplicate-key", `${quote(name)} is there twice`, "remove one of the two");
      }
      byKey.set(name, pair);
      entries.set(name, read(value, depth + 1, alias));
    }
    // Not by assignment: a key may be `__proto__`.
    return Object.fromEntries(entries);
  };

  const value = read(root, 0, undefined);
  return {
    value,
    problems,
    targetOf: (node) => (isAlias(node) ? targets.get(node) : node),
    pairOf: (map, key) => pairs.get(map)?.get(key),
  };
}
