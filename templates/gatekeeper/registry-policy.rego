package registrypolicy

# Every image of the object that the parameters do not admit. What is not shown to be admitted is a violation.
violation contains {"msg": msg, "details": {"field": entry.field, "image": shown(entry.image), "reason": reason}} if {
	count(refused) > 0
	in_scope
	some entry in entries
	reason := reason_against(entry.image)
	msg := concat("", [entry.field, ": ", quoted(entry.image), explanations[reason], deny_reasons(entry.image)])
}

# The images that are not admitted, as they stand, and null where there is none that can be read. In most objects there
# is nothing of it, and nothing else is evaluated.
#
# OPA evaluates each expression within the one before it, and Go copies a stack each time that it is outgrown, which is
# slow: so each rule asks for one thing. What may be missing is looked up in a rule of its own: where the argument of a
# call is undefined, `not` in front of the call is, too.
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

# The lists are about references in full, as most images are written: what those are refused for is asked here. Of any
# other image, it is asked whether it is admitted.
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

# Most of the valid references with a registry other than Docker Hub's.
is_in_full(container) if {
	image := container.image
	count(image) <= 512
	not regex.match(`{{onDockerHub}}`, image)
	regex.match(`{{plainReference}}`, image)
}

is_admitted(container) if admitted(container.image)

# Scope: what the constraint's match cannot say.

in_scope if {
	judged_operation
	judged_subresource
	not exempt
}

judged_operation if input.review.operation in {"CREATE", "UPDATE"}

# An audit has no operation, and no user: with an exemption for one it would list what was admitted rightly.
judged_operation if {
	object.get(input.review, "operation", "") == ""
	not input.parameters.exempt.users
	not input.parameters.exempt.groups
}

judged_subresource if object.get(input.review, "subResource", "") == ""

judged_subresource if {
	input.review.subResource == "ephemeralcontainers"
	input.review.kind.kind == "Pod"
}

exempt if {
	input.review.userInfo.username != ""
	some glob in input.parameters.exempt.users
	matches(input.review.userInfo.username, glob)
}

exempt if {
	some glob in input.parameters.exempt.groups
	some group in input.review.userInfo.groups
	matches(group, glob)
}

exempt if {
	glass := input.parameters.exempt.breakGlass
	matches(pod_template.metadata.annotations[glass.annotation], glass.value)
}

# A glob has its "*" at the start, at the end, or at both.
matches(text, glob) if text == glob

matches(text, glob) if {
	startswith(glob, "*")
	endswith(glob, "*")
	contains(text, trim(glob, "*"))
}

matches(text, glob) if {
	startswith(glob, "*")
	endswith(text, trim_prefix(glob, "*"))
}

matches(text, glob) if {
	endswith(glob, "*")
	startswith(text, trim_suffix(glob, "*"))
}

# Entries: every field of the pod spec whose image is refused. One that cannot be read is there, without its image.

spec_paths := {
	"Pod": ["spec"],
	"Deployment": ["spec", "template", "spec"],
	"ReplicaSet": ["spec", "template", "spec"],
	"StatefulSet": ["spec", "template", "spec"],
	"DaemonSet": ["spec", "template", "spec"],
	"ReplicationController": ["spec", "template", "spec"],
	"Job": ["spec", "template", "spec"],
	"CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
	"PodTemplate": ["template", "spec"],
}

spec_path := spec_paths[input.review.kind.kind]

spec_field := concat(".", spec_path)

pod_template := object.get(input.review.object, array.slice(spec_path, 0, count(spec_path) - 1), null)

default spec := null

spec := object.get(input.review.object, spec_paths[input.review.kind.kind], null)

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

# An image volume without a reference holds no image yet: a controller may fill it in.
entries contains {"field": sprintf("%s.volumes[%d].image.reference", [spec_field, i]), "image": reference} if {
	is_array(spec.volumes)
	some i, volume in spec.volumes
	reference := volume.image.reference
	reference in refused
	not reference in {null, ""}
}

# Images.

admitted(image) if {
	reference := in_full(image)
	not unmet(image)
	not denied(reference)
	listed(reference)
}

reason_against(image) := "missing" if {
	not is_string(image)
} else := "missing" if {
	image == ""
} else := "invalid" if {
	not in_full(image)
} else := reason if {
	reason := refused_by_list(in_full(image))
} else := "registry-implicit" if {
	registry_missing(image)
} else := "tag-missing" if {
	tag_missing(image)
} else := "tag-denied" if {
	tag_denied(image)
} else := "digest-missing"

refused_by_list(reference) := "denied" if {
	denied(reference)
} else := "unlisted" if {
	not listed(reference)
}

# A valid image, as it is qualified.
in_full(image) := qualified(image) if {
	count(image) <= 512
	regex.match(`{{reference}}`, image)
}

has_registry(image) if regex.match(`{{withRegistry}}`, image)

# An image with its registry written out: the patterns' expressions are made for this form. A registry as it
# stands, or else Docker Hub's however it is spelled, or else the default one; an image id has none.
qualified(image) := image if {
	regex.match(`{{withRegistry}}`, image)
	not regex.match(`{{onDockerHub}}`, image)
} else := on_hub(regex.replace(image, `{{onDockerHub}}`, "")) if {
	has_registry(image)
} else := short_name(image) if {
	not regex.match(`{{imageId}}`, image)
}

short_name(name) := on_hub(name) if {
	input.parameters.defaultRegistry == "docker.io"
} else := concat("/", [input.parameters.defaultRegistry, name])

on_hub(name) := concat("", ["docker.io/", name]) if {
	contains(name, "/")
} else := concat("", ["docker.io/library/", name])

# A list is named before its expression is: OPA hashes every value of the input that a rule names by its whole path,
# each time that the rule is asked for (ast/index.go), and an expression may be long.
denied(reference) if {
	list := input.parameters.deny
	regex.match(list.expression, reference)
}

denied(_) if {
	input.parameters.deny
	not has_expression("deny")
}

# Constraints that were made for the template in CEL may still be there: a list of theirs that has names alone is none
# that can be read here, and lets nothing pass.
has_expression(list) if is_string(input.parameters[list].expression)

listed(reference) if {
	list := input.parameters.allow
	regex.match(list.expression, reference)
}

listed(_) if not input.parameters.allow

# What is asked for besides the lists, first whether it is: OPA then tries no rule that is not needed.
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
	regex.match(`{{untagged}}`, image)
}

digest_missing(image) if {
	input.parameters.require.digest
	not contains(image, "@")
}

tag_denied(image) if {
	list := input.parameters.denyTags
	regex.match(list.expression, image)
}

# Words.

shown(image) := image if {
	is_string(image)
} else := ""

quoted(image) := concat("", [json.marshal(image), " "]) if {
	is_string(image)
	image != ""
} else := ""

deny_reasons(image) := concat("", [text |
	some entry in input.parameters.deny.reasons
	regex.match(entry.expression, in_full(image))
	text := concat("", [": ", entry.reason, " (", entry.pattern, ")"])
])

explanations := {
	"missing": "there is no image, where one has to be",
	"invalid": "is not a valid image reference",
	"denied": "is denied",
	"unlisted": "is not in the allow list",
	"registry-implicit": "does not name its registry",
	"tag-missing": "has neither a tag nor a digest",
	"tag-denied": "has a tag that is denied",
	"digest-missing": "is not pinned by digest",
}
