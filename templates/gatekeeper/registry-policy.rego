package registrypolicy

# Every image of the object that the parameters do not admit. What is not shown to be admitted is a violation.
violation contains {"msg": msg, "details": {"field": entry.field, "image": shown(entry.image), "reason": reason}} if {
	in_scope
	some entry in entries
	not admitted(entry.image)
	reason := reason_against(entry.image)
	msg := concat("", [entry.field, ": ", quoted(entry.image), explanations[reason], deny_reasons(entry.image)])
}

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

# Entries: every field of the pod spec that holds an image. One that cannot be read is there, without its image.

template_paths := {
	"Pod": [],
	"Deployment": ["spec", "template"],
	"ReplicaSet": ["spec", "template"],
	"StatefulSet": ["spec", "template"],
	"DaemonSet": ["spec", "template"],
	"ReplicationController": ["spec", "template"],
	"Job": ["spec", "template"],
	"CronJob": ["spec", "jobTemplate", "spec", "template"],
	"PodTemplate": ["template"],
}

template_path := template_paths[input.review.kind.kind]

spec_field := concat(".", array.concat(template_path, ["spec"]))

default pod_template := null

pod_template := object.get(input.review.object, template_path, null)

default spec := null

spec := pod_template.spec

entries contains {"field": "kind", "image": null} if not template_path

entries contains {"field": spec_field, "image": null} if not is_object(spec)

entries contains {"field": sprintf("%s.%s", [spec_field, list]), "image": null} if {
	some list in ["initContainers", "containers", "ephemeralContainers", "volumes"]
	type := type_name(object.get(spec, list, null))
	not type in {"array", "null"}
}

entries contains {"field": sprintf("%s.%s[%d].image", [spec_field, list, i]), "image": object.get(container, "image", null)} if {
	some list in ["initContainers", "containers", "ephemeralContainers"]
	is_array(spec[list])
	some i, container in spec[list]
	is_object(container)
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
	not reference in {null, ""}
}

# Images.

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

reason_against(image) := "missing" if {
	not is_string(image)
} else := "missing" if {
	image == ""
} else := "invalid" if {
	not valid(image)
} else := "denied" if {
	denied(qualified(image))
} else := "unlisted" if {
	not listed(qualified(image))
} else := "registry-implicit" if {
	not registry_written(image)
} else := "tag-missing" if {
	not tag_written(image)
} else := "tag-denied" if {
	tag_denied(image)
} else := "digest-missing"

valid(image) if {
	is_string(image)
	count(image) <= 512
	regex.match(`{{reference}}`, image)
	not regex.match(`{{imageId}}`, image)
}

has_registry(image) if regex.match(`{{withRegistry}}`, image)

on_docker_hub(image) if regex.match(`{{onDockerHub}}`, image)

# A valid image with its registry written out: the patterns' expressions are made for this form.
qualified(image) := on_hub(regex.replace(image, `{{onDockerHub}}`, "")) if {
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

tag_written(image) if not regex.match(`{{untagged}}`, image)

tag_written(_) if not input.parameters.require.tag

tag_denied(image) if regex.match(input.parameters.denyTags.expression, image)

pinned(image) if contains(image, "@")

pinned(_) if not input.parameters.require.digest

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
	valid(image)
	regex.match(entry.expression, qualified(image))
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
