import { Unreadable } from "./proof.js";

/*
 * The Rego of Gatekeeper's template says of a request: each of its images that is in `refused` is a violation. Into
 * `refused` comes each that is not `admitted`: what some rule does not ask of is asked of by another. That is read off
 * these rules by a person, once, as `admitted` is; so they have to be those that the template has.
 */

/** The rules of the Rego that say which images are refused, each with `{name}` for its expressions. */
const rules = `
violation contains {"msg": msg, "details": {"field": entry.field, "image": shown(entry.image), "reason": reason}} if {
	count(refused) > 0
	in_scope
	some entry in entries
	reason := reason_against(entry.image)
	msg := concat("", [entry.field, ": ", quoted(entry.image), explanations[reason], deny_reasons(entry.image)])
}

refused contains null if not is_object(spec)

refused contains null if {
	list := spec[["initContainers", "containers", "ephemeralContainers", "volumes"][_]]
	not is_array(list)
}

refused contains null if {
	some volume in spec.volumes
	not has_no_image(volume)
	not has_image_object(volume)
}

refused contains reference if {
	reference := spec.volumes[_].image.reference
	not reference in {null, ""}
	not admitted(reference)
}

refused contains image_of(container) if {
	some container in containers
	not is_in_full(container)
	not is_admitted(container)
}

refused contains container.image if {
	list := input.parameters.allow
	some container in containers
	not regex.match(list.expression, container.image)
	not is_admitted(container)
}

refused contains container.image if {
	list := input.parameters.deny
	some container in containers
	regex.match(list.expression, container.image)
	not is_admitted(container)
}

refused contains container.image if {
	input.parameters.require
	some container in containers
	not is_admitted(container)
}

refused contains container.image if {
	input.parameters.denyTags
	some container in containers
	not is_admitted(container)
}

refused contains container.image if {
	some list in ["allow", "deny"]
	input.parameters[list]
	not has_expression(list)
	some container in containers
	not is_admitted(container)
}

container_lists := ["initContainers", "containers", "ephemeralContainers"]

containers := [container | some container in spec[container_lists[_]]]

image_of(container) := container.image if {
	is_object(container)
} else := null

has_no_image(volume) if object.get(volume, "image", null) == null

has_image_object(volume) if is_object(volume.image)

is_in_full(container) if {
	image := container.image
	count(image) <= 512
	not regex.match(\`{onDockerHub}\`, image)
	regex.match(\`{plainReference}\`, image)
}

is_admitted(container) if admitted(container.image)

entries contains {"field": "kind", "image": null} if not spec_path

entries contains {"field": spec_field, "image": null} if not is_object(spec)

entries contains {"field": sprintf("%s.%s", [spec_field, list]), "image": null} if {
	some list in ["initContainers", "containers", "ephemeralContainers", "volumes"]
	value := spec[list]
	not is_array(value)
	not is_null(value)
}

entries contains {"field": sprintf("%s.%s[%d].image", [spec_field, list, i]), "image": image} if {
	some list in container_lists
	is_array(spec[list])
	some i, container in spec[list]
	is_object(container)
	image := object.get(container, "image", null)
	image in refused
}

entries contains {"field": sprintf("%s.%s[%d]", [spec_field, list, i]), "image": null} if {
	some list in ["initContainers", "containers", "ephemeralContainers", "volumes"]
	is_array(spec[list])
	some i, entry in spec[list]
	not is_object(entry)
}

entries contains {"field": sprintf("%s.volumes[%d].image", [spec_field, i]), "image": null} if {
	is_array(spec.volumes)
	some i, volume in spec.volumes
	type := type_name(volume.image)
	not type in {"object", "null"}
}

entries contains {"field": sprintf("%s.volumes[%d].image.reference", [spec_field, i]), "image": reference} if {
	is_array(spec.volumes)
	some i, volume in spec.volumes
	reference := volume.image.reference
	reference in refused
	not reference in {null, ""}
}

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

/**
 * The expressions that stand in the Rego, by the names that the rules above give them.
 *
 * @throws Unreadable where its rules on images are not those above and no others.
 */
export function expressionsOf(rego: string): Readonly<Record<string, string>> {
  const found = rego.split(/\n\n+/).map((block) => block.replace(/^#.*\n/gm, ""));
  const written = found.filter((block) => ruleNames.has(nameOfRule(block)));
  const expressions = new Map<string, string>();
  if (written.length !== rules.length)
    throw new Unreadable("the rules of the Rego on images are not those that are known");
  for (const [index, rule] of rules.entries()) readRule(rule, written[index]?.trim() ?? "", expressions);
  return Object.fromEntries(expressions);
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
