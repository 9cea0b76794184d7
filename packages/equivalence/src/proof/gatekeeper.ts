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

/** The rules of the Rego that say what of an image is admitted, with `…` for each of its expressions. */
const rules = `
doubtful if not is_object(spec)

doubtful if {
	list := spec[["initContainers", "containers", "ephemeralContainers", "volumes"][_]]
	not is_array(list)
}

doubtful if {
	some volume in spec.volumes
	not has_no_image(volume)
}

doubtful if {
	some container in containers
	not is_in_full(container)
	not is_admitted(container)
}

doubtful if {
	list := input.parameters.allow
	some container in containers
	not regex.match(list.expression, container.image)
	not is_admitted(container)
}

doubtful if {
	list := input.parameters.deny
	some container in containers
	regex.match(list.expression, container.image)
	not is_admitted(container)
}

doubtful if {
	input.parameters.require
	some container in containers
	not is_admitted(container)
}

doubtful if {
	input.parameters.denyTags
	some container in containers
	not is_admitted(container)
}

doubtful if {
	some list in ["allow", "deny"]
	input.parameters[list]
	not has_expression(list)
}

container_lists := ["initContainers", "containers", "ephemeralContainers"]

containers := [container | some container in spec[container_lists[_]]]

has_no_image(volume) if object.get(volume, "image", null) == null

is_in_full(container) if {
	image := container.image
	count(image) <= 512
	not regex.match(\`{onDockerHub}\`, image)
	regex.match(\`{plainReference}\`, image)
}

is_admitted(container) if admitted(container.image)

admitted(image) if {
	reference := in_full(image)
	not unmet(image)
	not denied(reference)
	listed(reference)
}

in_full(image) := qualified(image) if {
	count(image) <= 512
	regex.match(\`{reference}\`, image)
}

has_registry(image) if regex.match(\`{withRegistry}\`, image)

qualified(image) := image if {
	regex.match(\`{withRegistry}\`, image)
	not regex.match(\`{onDockerHub}\`, image)
} else := on_hub(regex.replace(image, \`{onDockerHub}\`, "")) if {
	has_registry(image)
} else := short_name(image) if {
	not regex.match(\`{imageId}\`, image)
}

short_name(name) := on_hub(name) if {
	input.parameters.defaultRegistry == "docker.io"
} else := concat("/", [input.parameters.defaultRegistry, name])

on_hub(name) := concat("", ["docker.io/", name]) if {
	contains(name, "/")
} else := concat("", ["docker.io/library/", name])

denied(reference) if {
	list := input.parameters.deny
	regex.match(list.expression, reference)
}

denied(_) if {
	input.parameters.deny
	not has_expression("deny")
}

has_expression(list) if is_string(input.parameters[list].expression)

listed(reference) if {
	list := input.parameters.allow
	regex.match(list.expression, reference)
}

listed(_) if not input.parameters.allow

unmet(image) if {
	input.parameters.require
	registry_missing(image)
}

unmet(image) if {
	input.parameters.require
	tag_missing(image)
}

unmet(image) if {
	input.parameters.require
	digest_missing(image)
}

unmet(image) if {
	input.parameters.denyTags
	tag_denied(image)
}

registry_missing(image) if {
	input.parameters.require.registry
	not has_registry(image)
}

tag_missing(image) if {
	input.parameters.require.tag
	regex.match(\`{untagged}\`, image)
}

digest_missing(image) if {
	input.parameters.require.digest
	not contains(image, "@")
}

tag_denied(image) if {
	list := input.parameters.denyTags
	regex.match(list.expression, image)
}
`
  .trim()
  .split("\n\n");

const ruleNames = new Set(rules.map(nameOfRule));

/** Reads the expressions off the Rego, whose rules on images have to be those above and no others. */
const grammarOf = readingOnce((template: string): Grammar => {
  const rego = regoOf(yamlOf(template));
  const found = rego.split(/\n\n+/).map((block) => block.replace(/^#.*\n/gm, ""));
  const written = found.filter((block) => ruleNames.has(nameOfRule(block)));
  const expressions = new Map<string, string>();
  if (written.length !== rules.length)
    throw new Unreadable("the rules of the Rego on images are not those that are known");
  for (const [index, rule] of rules.entries()) readRule(rule, written[index]?.trim() ?? "", expressions);
  return asReadInFull(Object.fromEntries(expressions) as unknown as Grammar);
});

/**
 * A grammar of which whatever `is_in_full` is its own qualified form, so that `doubtful` asks of it what
 * `admitted` does.
 */
function asReadInFull(grammar: Grammar): Grammar {
  const { reference, plainReference, withRegistry, onDockerHub } = grammar;
  const inFull = and(whole(plainReference, "the Rego"), not(regex(onDockerHub)));
  const misread = notIncluded(inFull, and(whole(reference, "the Rego"), beginning(withRegistry)));
  if (misread !== undefined) throw new Unreadable(`the Rego takes \`${misread}\` for a reference in full`);
  return grammar;
}

function nameOfRule(block: string): string {
  return /^(?:default )?([a-z_]+)/.exec(block)?.[1] ?? "";
}

/** Holds a rule against what is known of it, and keeps the expressions in it. */
function readRule(known: string, written: string, expressions: Map<string, string>): void {
  const names = [...known.matchAll(/`\{([a-zA-Z]+)\}`/g)].map(([, name]) => name ?? "");
  const form = known.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/(?<=`)\\\{[a-zA-Z]+\\\}(?=`)/g, "([^`]*)");
  const match = new RegExp(`^${form}$`).exec(written);
  if (match === null) {
    throw new Unreadable(`the rule \`${known.split("\n")[0]}\` of the Rego is not the one that is known`);
  }
  for (const [index, name] of names.entries()) {
    const expression = match[index + 1] ?? "";
    if ((expressions.get(name) ?? expression) !== expression) {
      throw new Unreadable(`the Rego has two expressions for \`${name}\``);
    }
    expressions.set(name, expression);
  }
}

function regoOf(root: unknown): string {
  const template = root as {
    spec?: { targets?: { code?: { source?: { rego?: unknown } }[] }[] };
  } | null;
  const rego = template?.spec?.targets?.[0]?.code?.[0]?.source?.rego;
  if (typeof rego !== "string") throw new Unreadable("the template holds no Rego");
  return rego;
}
