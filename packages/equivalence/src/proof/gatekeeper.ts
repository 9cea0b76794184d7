import {
  and,
  anything,
  choice,
  everything,
  type Language,
  matching,
  not,
  notIncluded,
  oneOf,
  or,
  parseAlternatives,
  parseExpression,
  preimage,
  prepending,
  replacingStart,
  sequence,
  setOf,
} from "@registry-policy/automata";
import { parametersOf, shippedTemplate } from "./gatekeeper-constraint.js";
import { expressionsOf } from "./gatekeeper-rules.js";
import { type ProofReader, textOf, Unreadable, yamlOf } from "./proof.js";
import { type Fields, fieldOf, fieldsOf, flagField, textField } from "./read-fields.js";
import { readingOnce } from "./reading-once.js";
import { asValidReferences, asWithRegistry, whole } from "./reference-grammar.js";

/** The constraint of a policy, whose parameters hold all of its patterns, and the template that they share. */
export const gatekeeperProof: ProofReader = {
  assumptions: [
    "Go's `regexp`, which OPA calls, matches what the syntax of RE2 says",
    "Gatekeeper evaluates the Rego of the template, which is the shipped one to the byte, as Rego is defined",
  ],
  reads: (path) => path.endsWith(".constraint.yaml"),
  allowedImages(file, shipped, emitted) {
    const template = shippedTemplate(shipped, emitted);
    return allowedBy(parametersOf(textOf(file)), grammarOf(textOf(template)));
  },
};

/** What the Rego's rules `admitted`, `qualified` and those that they call say, in the order of the rules. */
function allowedBy(parameters: Fields, grammar: Grammar): Language {
  const require = fieldsOf(fieldOf(parameters, "require") ?? {}, "parameters.require", ["registry", "tag", "digest"]);
  const allow = listExpression(parameters, "allow", ["patterns", "expression"]);
  const deny = listExpression(parameters, "deny", ["patterns", "expression", "reasons"]);
  const denyTags = listExpression(parameters, "denyTags", ["patterns", "expression"]);
  const defaultRegistry = textField(parameters, "defaultRegistry");
  if (defaultRegistry === undefined) throw new Unreadable("`parameters` has no `defaultRegistry`");
  const qualified = (of: Language) => whoseQualifiedForm(of, grammar, defaultRegistry);
  const withRegistry = beginning(grammar.withRegistry);
  return and(
    validImages(JSON.stringify({ grammar, defaultRegistry })),
    deny === undefined ? everything : not(qualified(regex(deny))),
    allow === undefined ? everything : qualified(regex(allow)),
    flagField(require, "registry", true) ? withRegistry : everything,
    flagField(require, "tag", true) ? not(regex(grammar.untagged)) : everything,
    denyTags === undefined ? everything : not(regex(denyTags)),
    flagField(require, "digest", true) ? matching(sequence(anything, oneOf(setOf("@")), anything)) : everything,
  );
}

/** The images that the Rego's `qualified` takes into a language; into any, those that it is defined for. */
function whoseQualifiedForm(of: Language, grammar: Grammar, defaultRegistry: string): Language {
  const { withRegistry, onDockerHub, imageId } = grammar;
  const hub = parseAlternatives(onDockerHub);
  if (hub.some(({ atStart, atEnd }) => !atStart || atEnd)) {
    throw new Unreadable(`\`${onDockerHub}\` does not match a beginning alone`);
  }
  const named = beginning(withRegistry);
  const isOnHub = regex(onDockerHub);
  const hubName = or(
    and(withSlash, preimage(of, prepending("docker.io/"))),
    and(not(withSlash), preimage(of, prepending("docker.io/library/"))),
  );
  const removingHub = replacingStart(choice(...hub.map(({ items }) => sequence(...items))), "");
  return or(
    and(named, not(isOnHub), of),
    and(named, isOnHub, preimage(hubName, removingHub)),
    and(
      not(named),
      not(whole(imageId, "the Rego")),
      defaultRegistry === "docker.io" ? hubName : preimage(of, prepending(`${defaultRegistry}/`)),
    ),
  );
}

const withSlash = matching(sequence(anything, oneOf(setOf("/")), anything));

/** The texts that begin with a registry, by the expression for them. */
const beginning = readingOnce((expression) => asWithRegistry(regex(expression), "the Rego"));

/** The images of which the Rego finds a qualified form, by its grammar and the default registry, which few policies say. */
const validImages = readingOnce((text) => {
  const { grammar, defaultRegistry } = JSON.parse(text) as { grammar: Grammar; defaultRegistry: string };
  const qualified = whoseQualifiedForm(everything, grammar, defaultRegistry);
  return asValidReferences(and(whole(grammar.reference, "the Rego"), qualified), "the Rego");
});

function regex(expression: string): Language {
  return matching(parseExpression(expression));
}

function listExpression(parameters: Fields, list: string, known: readonly string[]): string | undefined {
  const value = fieldOf(parameters, list);
  if (value === undefined) return undefined;
  const expression = textField(fieldsOf(value, `parameters.${list}`, known), "expression");
  if (expression === undefined) throw new Unreadable(`\`parameters.${list}\` has no \`expression\``);
  return expression;
}

/** The expressions that stand in the Rego itself. */
interface Grammar {
  readonly reference: string;
  readonly imageId: string;
  readonly withRegistry: string;
  readonly onDockerHub: string;
  readonly untagged: string;
  readonly plainReference: string;
}

/** Reads the expressions off the Rego of the template. */
const grammarOf = readingOnce(
  (template: string): Grammar => asReadInFull(expressionsOf(regoOf(yamlOf(template))) as unknown as Grammar),
);

/**
 * A grammar of which whatever `is_in_full` is its own qualified form, so that what `refused` asks of it is what
 * `admitted` does.
 */
function asReadInFull(grammar: Grammar): Grammar {
  const { reference, plainReference, withRegistry, onDockerHub } = grammar;
  const inFull = and(whole(plainReference, "the Rego"), not(regex(onDockerHub)));
  const misread = notIncluded(inFull, and(whole(reference, "the Rego"), beginning(withRegistry)));
  if (misread !== undefined) throw new Unreadable(`the Rego takes \`${misread}\` for a reference in full`);
  return grammar;
}

function regoOf(root: unknown): string {
  const template = root as {
    spec?: { targets?: { code?: { source?: { rego?: unknown } }[] }[] };
  } | null;
  const rego = template?.spec?.targets?.[0]?.code?.[0]?.source?.rego;
  if (typeof rego !== "string") throw new Unreadable("the template holds no Rego");
  return rego;
}
