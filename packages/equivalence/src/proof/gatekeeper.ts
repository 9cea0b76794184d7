import {
  and,
  anything,
  choice,
  everything,
  type Language,
  matching,
  not,
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
import { type ProofReader, textOf, Unreadable, yamlOf } from "./proof.js";
import { type Fields, fieldOf, fieldsOf, flagField, textField } from "./read-fields.js";

const templateName = "constraint-template.yaml";

/** The constraint of a policy, whose parameters hold all of its patterns, and the template that they share. */
export const gatekeeperProof: ProofReader = {
  assumptions: [
    "Go's `regexp`, which OPA calls, matches what the syntax of RE2 says",
    "Gatekeeper evaluates the Rego of the template, which is the shipped one to the byte, as Rego is defined",
  ],
  reads: (path) => path.endsWith(".constraint.yaml"),
  allowedImages(file, shipped, emitted) {
    const template = emitted.find(({ path }) => path === templateName);
    const original = shipped.find(({ path }) => path === templateName);
    if (template === undefined || original === undefined || textOf(template) !== textOf(original)) {
      throw new Unreadable(`\`${templateName}\` is not the shipped one`);
    }
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
  const withRegistry = regex(grammar.withRegistry);
  return and(
    regex(grammar.reference),
    not(regex(grammar.imageId)),
    deny === undefined ? everything : not(qualified(regex(deny))),
    allow === undefined ? everything : qualified(regex(allow)),
    flagField(require, "registry", true) ? withRegistry : everything,
    flagField(require, "tag", true) ? not(regex(grammar.untagged)) : everything,
    denyTags === undefined ? everything : not(regex(denyTags)),
    flagField(require, "digest", true) ? matching(sequence(anything, oneOf(setOf("@")), anything)) : everything,
  );
}

/** The images that the Rego's `qualified` takes into a language. */
function whoseQualifiedForm(of: Language, { withRegistry, onDockerHub }: Grammar, defaultRegistry: string): Language {
  const hub = parseAlternatives(onDockerHub);
  if (hub.some(({ atStart, atEnd }) => !atStart || atEnd)) {
    throw new Unreadable(`\`${onDockerHub}\` does not match a beginning alone`);
  }
  const named = regex(withRegistry);
  const isOnHub = regex(onDockerHub);
  const hubName = or(
    and(withSlash, preimage(of, prepending("docker.io/"))),
    and(not(withSlash), preimage(of, prepending("docker.io/library/"))),
  );
  const removingHub = replacingStart(choice(...hub.map(({ items }) => sequence(...items))), "");
  return or(
    preimage(hubName, removingHub),
    and(not(isOnHub), named, of),
    and(
      not(isOnHub),
      not(named),
      defaultRegistry === "docker.io" ? hubName : preimage(of, prepending(`${defaultRegistry}/`)),
    ),
  );
}

const withSlash = matching(sequence(anything, oneOf(setOf("/")), anything));

function regex(expression: string): Language {
  return matching(parseExpression(expression));
}

function parametersOf(text: string): Fields {
  const root = yamlOf(text);
  const constraint = fieldsOf(root, "the constraint", ["apiVersion", "kind", "metadata", "spec"]);
  const { value } = constraint;
  if (value.apiVersion !== "constraints.gatekeeper.sh/v1beta1" || value.kind !== "RegistryPolicy") {
    throw new Unreadable("the file holds no constraint of kind `RegistryPolicy`");
  }
  const spec = fieldsOf(value.spec, "spec", ["enforcementAction", "match", "parameters"]);
  const known = ["defaultRegistry", "allow", "deny", "denyTags", "require", "exempt"];
  return fieldsOf(fieldOf(spec, "parameters"), "parameters", known);
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
}

/** The rules of the Rego that say what of an image is admitted, with `…` for each of its expressions. */
const rules = `
admitted(image) if {
	valid(image)
	reference := qualified(image)
	not denied(reference)
	listed(reference)
	registry_written(image)
	tag_written(image)
	not tag_denied(image)
	pinned(image)
}

valid(image) if {
	is_string(image)
	count(image) <= 512
	regex.match(\`{reference}\`, image)
	not regex.match(\`{imageId}\`, image)
}

has_registry(image) if regex.match(\`{withRegistry}\`, image)

on_docker_hub(image) if regex.match(\`{onDockerHub}\`, image)

qualified(image) := on_hub(regex.replace(image, \`{onDockerHub}\`, "")) if {
	on_docker_hub(image)
} else := image if {
	has_registry(image)
} else := on_hub(image) if {
	input.parameters.defaultRegistry == "docker.io"
} else := concat("/", [input.parameters.defaultRegistry, image])

on_hub(name) := concat("", ["docker.io/", name]) if {
	contains(name, "/")
} else := concat("", ["docker.io/library/", name])

denied(reference) if regex.match(input.parameters.deny.expression, reference)

listed(reference) if regex.match(input.parameters.allow.expression, reference)

listed(_) if not input.parameters.allow

registry_written(image) if has_registry(image)

registry_written(_) if not input.parameters.require.registry

tag_written(image) if not regex.match(\`{untagged}\`, image)

tag_written(_) if not input.parameters.require.tag

tag_denied(image) if regex.match(input.parameters.denyTags.expression, image)

pinned(image) if contains(image, "@")

pinned(_) if not input.parameters.require.digest
`
  .trim()
  .split("\n\n");

const ruleNames = new Set(rules.map((rule) => /^[a-z_]+/.exec(rule)?.[0] ?? ""));

/** Reads the expressions off the Rego, whose rules on images have to be those above and no others. */
function grammarOf(template: string): Grammar {
  const rego = regoOf(yamlOf(template));
  const found = rego.split(/\n\n+/).map((block) => block.replace(/^#.*\n/gm, ""));
  const written = found.filter((block) => ruleNames.has(/^(?:default )?([a-z_]+)/.exec(block)?.[1] ?? ""));
  const expressions = new Map<string, string>();
  if (written.length !== rules.length)
    throw new Unreadable("the rules of the Rego on images are not those that are known");
  for (const [index, rule] of rules.entries()) readRule(rule, written[index]?.trim() ?? "", expressions);
  return Object.fromEntries(expressions) as unknown as Grammar;
}

/** Holds a rule against what is known of it, and keeps the expressions in it. */
function readRule(known: string, written: string, expressions: Map<string, string>): void {
  const form = known
    .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replace(/\{(?![a-zA-Z]+\}`)/g, "\\{")
    .replace(/\{([a-zA-Z]+)\}(?=`)/g, "(?<$1>[^`]*)");
  const match = new RegExp(`^${form}$`).exec(written);
  for (const [name, expression] of Object.entries(match?.groups ?? {})) {
    if ((expressions.get(name) ?? expression) !== expression) {
      throw new Unreadable(`the Rego has two expressions for \`${name}\``);
    }
    expressions.set(name, expression);
  }
  if (match === null) {
    throw new Unreadable(`the rule \`${known.split("\n")[0]}\` of the Rego is not the one that is known`);
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
