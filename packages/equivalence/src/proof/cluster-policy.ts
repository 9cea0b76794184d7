import {
  allBut,
  and,
  type Expression,
  type Language,
  matching,
  not,
  notIncluded,
  oneOf,
  optional,
  or,
  parseAlternatives,
  preimage,
  rangeOf,
  repeat,
  type SymbolSet,
  sequence,
  setOf,
  text,
} from "@registry-policy/automata";
import { filterCondition, identity } from "./jmespath-condition.js";
import { JmespathReader } from "./jmespath-reader.js";
import { nameInQuotes } from "./jmespath-rewritings.js";
import { isSameToken, jmespathTokens, type Token } from "./jmespath-tokens.js";
import { type ProofReader, type Subjects, textOf, Unreadable, yamlOf } from "./proof.js";
import { fieldOf, fieldsOf, textField } from "./read-fields.js";
import { readingOnce } from "./reading-once.js";
import { validIfEqual } from "./reference-grammar.js";

/** The one rule of a ClusterPolicy, whose verdict on all images is the list of its `foreach`. */
export const clusterPolicyProof: ProofReader = {
  assumptions: [
    "Kyverno evaluates the list of the `foreach` as JMESPath and Kyverno's own functions are defined",
    "Go's `regexp`, which Kyverno calls, matches and replaces what the syntax of RE2 says",
  ],
  reads: (path) => path.endsWith(".cluster-policy.yaml"),
  allowedImages(file, shipped) {
    const original = shipped.find(({ path }) => path === file.path);
    if (original === undefined) throw new Unreadable("there is no shipped file to compare it with");
    const [list, shippedList] = [listOf(textOf(file)), listOf(textOf(original))];
    const head = list.slice(0, verdictAt(list));
    const shippedHead = shippedList.slice(0, verdictAt(shippedList));
    if (head.length !== shippedHead.length || !head.every((token, index) => isSameToken(token, shippedHead[index]))) {
      throw new Unreadable("the part of the list that finds the images is not the shipped one");
    }
    return allowedBy(new JmespathReader(list.slice(head.length)));
  },
};

const refusal = {
  conditions: { any: [{ key: "{{ element.refused == `[]` }}", operator: "NotEquals", value: true }] },
};

/** The tokens of the list, where the rule refuses whatever is not the empty list in `refused`. */
const listOf = readingOnce((text: string): readonly Token[] => {
  const policy = fieldsOf(yamlOf(text), "the file", ["apiVersion", "kind", "metadata", "spec"]);
  if (fieldOf(policy, "apiVersion") !== "kyverno.io/v1" || fieldOf(policy, "kind") !== "ClusterPolicy") {
    throw new Unreadable("the file holds no ClusterPolicy of `kyverno.io/v1`");
  }
  const known = ["admission", "background", "emitWarning", "webhookConfiguration", "rules"];
  const spec = fieldsOf(fieldOf(policy, "spec"), "spec", known);
  // What Kyverno fails on is allowed where this is not said.
  const webhook = fieldsOf(fieldOf(spec, "webhookConfiguration"), "spec.webhookConfiguration", ["failurePolicy"]);
  if (fieldOf(webhook, "failurePolicy") !== "Fail") throw new Unreadable("`failurePolicy` is not `Fail`");
  const rule = fieldsOf(only(fieldOf(spec, "rules"), "spec.rules"), "the rule", [
    "name",
    "match",
    "exclude",
    "preconditions",
    "validate",
  ]);
  const validate = fieldsOf(fieldOf(rule, "validate"), "validate", [
    "failureAction",
    "allowExistingViolations",
    "message",
    "foreach",
  ]);
  if (fieldOf(validate, "allowExistingViolations") !== false) {
    throw new Unreadable("`validate.allowExistingViolations` is not false");
  }
  const foreach = fieldsOf(only(fieldOf(validate, "foreach"), "validate.foreach"), "foreach", ["list", "deny"]);
  if (JSON.stringify(fieldOf(foreach, "deny")) !== JSON.stringify(refusal)) {
    throw new Unreadable("`foreach.deny` is another condition than that something is refused");
  }
  return jmespathTokens(textField(foreach, "list") ?? "");
});

function only(value: unknown, path: string): unknown {
  if (!Array.isArray(value) || value.length !== 1) throw new Unreadable(`\`${path}\` has not one entry`);
  return value[0];
}

/** In `[… | {pulled: @, refused: verdict} || …]`, where the verdict on the images begins. */
function verdictAt(tokens: readonly Token[]): number {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "literal") continue;
    if (["[", "[?", "{", "("].includes(token.text)) depth += 1;
    if (["]", "}", ")"].includes(token.text)) depth -= 1;
    const next = tokens[index + 1];
    if (depth === 2 && token.text === "refused" && next?.kind === "sign" && next.text === ":") return index + 2;
  }
  throw new Unreadable("the list says nothing of what is refused");
}

/** The images that a verdict on the list of images does not refuse. */
function allowedBy(reader: JmespathReader): Language {
  reader.expect("regex_match(");
  const valid = elementsOf(reader.text());
  reader.expect(", to_string(@)) &&");
  const refused = refusedBy(reader);
  reader.expect("} || `{}`]");
  if (!reader.isAtEnd) throw new Unreadable("the list goes on after what is known of it");
  // What a policy refuses comes last, behind what is refused for every policy.
  const others = refused.slice(0, -1);
  const last = refused.slice(-1);
  return and(validIfEqual(and(valid, not(or(...others)))), not(or(...last)));
}

function refusedBy(reader: JmespathReader): readonly Language[] {
  let subjects: Subjects = { "@": identity };
  const isNamed = reader.take("parse_json(regex_replace_all(");
  if (isNamed) {
    const name = nameInQuotes(reader.text());
    if (name === undefined) throw reader.unknown("an expression for the names of the images");
    reader.expect(`, to_string(@), '{"image": $0, "name": "$1$2"}'))`);
    subjects = { image: identity, name: (of) => preimage(of, name) };
  }
  reader.expect("[?");
  const refused = filterCondition(reader, subjects);
  reader.expect(isNamed ? "].image" : "]");
  return refused;
}

/**
 * The texts that stand in a list of which the expression matches the JSON. What would be escaped in JSON is in none of
 * them, so that the JSON is their quotes, and what is between these.
 */
function elementsOf(expression: string): Language {
  const [before, after] = ['(?m)^[[](?:"', '",?)*[]]$'];
  if (!expression.startsWith(before) || !expression.endsWith(after)) {
    throw new Unreadable("the expression for the images is not that of a list");
  }
  // The expression for one of them has no `|` or anchor of its own, as that would reach beyond it, and no flag.
  const one = expression.slice(before.length, -after.length);
  const [alternative, ...others] = parseAlternatives(one);
  if (
    alternative === undefined ||
    others.length > 0 ||
    alternative.atStart ||
    alternative.atEnd ||
    /^\(\?[is]+\)/.test(one)
  ) {
    throw new Unreadable("the expression for an image is not one by itself");
  }
  const image = sequence(...alternative.items);
  if ((symbolsIn(image) & ~unescaped) !== 0n) throw new Unreadable("an image may have what is escaped in JSON");
  const language = matching(image);
  if (notIncluded(language, atMostOneAt) !== undefined) throw new Unreadable("an image may have two `@`");
  return language;
}

const unescaped = (rangeOf(" ", "~") | setOf("\u017f\u212a")) & ~setOf('"\\&<>');

function symbolsIn(expression: Expression): SymbolSet {
  if (expression.kind === "set") return expression.set;
  const items = expression.kind === "repeat" ? [expression.item] : expression.items;
  return items.reduce((all, item) => all | symbolsIn(item), 0n);
}

const notAt = repeat(oneOf(allBut(setOf("@"))), 0);
const atMostOneAt = matching(sequence(notAt, optional(sequence(text("@"), notAt))));
