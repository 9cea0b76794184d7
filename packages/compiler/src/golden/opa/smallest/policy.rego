# Judges the images of an admission request by the registry policies that are loaded as data. The Rego is the same for
# every policy: text of a policy is only ever data.
#
# A policy is looked for below `data.registry_policy.policies`, where a bundle or a file puts it, and below `data.opa`,
# where kube-mgmt puts the ConfigMaps of the namespace `opa`.
package kubernetes.admission

# ---- What a webhook reads ----

# Messages of the policies that refuse.
deny contains message if some message in messages("deny")

# Messages of the policies that warn.
warn contains message if some message in messages("warn")

# Messages of the policies that only record.
audit contains message if some message in messages("audit")

messages(enforcement) := [violation.msg |
	some judgement in judgements
	judgement.enforcement == enforcement
	some violation in judgement.violations
]

# What all policies say together: `scope` is whether any of them judges the request, `enforcement` the strictest of
# those that have a violation.
decision := judgements[0] if {
	count(judgements) == 1
} else := {
	"scope": true in [judgement.scope | some judgement in judgements],
	"enforcement": strictest,
	"violations": [violation |
		some judgement in judgements
		some violation in judgement.violations
	],
}

strictest := "deny" if {
	count(deny) > 0
} else := "warn" if {
	count(warn) > 0
} else := "audit" if {
	count(audit) > 0
} else := "deny"

# ---- The policies ----

loaded := array.concat(
	[policies | policies := data.registry_policy.policies],
	[policies | policies := data.opa[_]["data.json"].registry_policy.policies],
)

# One for each policy. Without any, nothing would be judged and everything admitted: so pods are refused.
judgements := found if {
	count(found) > 0
} else := [{
	"scope": without_policy != [],
	"enforcement": "deny",
	"violations": without_policy,
}]

found := [judge(name, policy) |
	some policies in loaded
	some name, policy in policies
]

without_policy := [] if {
	not_judged_operation
} else := [] if {
	is_readable
	not input.request.kind.kind in pod_kinds
} else := [unreadable("no registry policy is loaded: nothing says which images may run")]

pod_kinds := {
	"Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Job", "CronJob",
	"PodTemplate",
}

judge(name, policy) := {"scope": false, "enforcement": enforcement_of(policy), "violations": []} if {
	not_judged_operation
} else := {"scope": true, "enforcement": enforcement_of(policy), "violations": [unreadable(message)]} if {
	message := unreadable_message(name, policy)
} else := {"scope": false, "enforcement": policy.enforcement, "violations": []} if {
	out_of_scope(policy)
} else := {"scope": true, "enforcement": policy.enforcement, "violations": violations(name, policy.images)}

enforcement_of(policy) := policy.enforcement if {
	policy.enforcement in {"deny", "warn", "audit"}
} else := "deny"

unreadable(message) := {"image": "", "field": "", "reason": "missing", "msg": message}

unreadable_message(name, policy) := concat("", ["the data of policy ", name, " was made for another version of this Rego: load both from one place"]) if {
	not is_understood(policy)
} else := concat("", ["the input is no admission request that policy ", name, " can judge"]) if {
	not is_readable
}

is_understood(policy) if policy.dataVersion == 1

# ---- Scope ----

not_judged_operation if {
	is_string(input.request.operation)
	input.request.operation != "CREATE"
	input.request.operation != "UPDATE"
}

# What decides the scope is there and of its type; anything else is a violation, never out of scope.
is_readable if {
	is_string(input.request.operation)
	is_string(input.request.kind.kind)
	is_string(namespace)
}

# The API server leaves an empty field out.
namespace := "" if {
	not has_namespace
} else := input.request.namespace

has_namespace if input.request.namespace != null

out_of_scope(policy) if not has_kind(policy)

out_of_scope(_) if {
	is_string(input.request.subResource)
	input.request.subResource != ""
	not is_ephemeral_container
}

out_of_scope(policy) if {
	policy.match.namespaces != []
	not one_matches(policy.match.namespaces, namespace)
}

out_of_scope(policy) if one_matches(policy.match.excludeNamespaces, namespace)

# Labels that are not known count as matching.
out_of_scope(policy) if {
	selector := policy.match.namespaceSelector
	labels := namespace_labels
	not selects(selector, labels)
}

out_of_scope(policy) if {
	user := input.request.userInfo.username
	is_string(user)
	user != ""
	one_matches(policy.exempt.users, user)
}

out_of_scope(policy) if {
	policy.exempt.groups != []
	groups := input.request.userInfo.groups
	is_array(groups)
	some group in groups
	is_string(group)
	one_matches(policy.exempt.groups, group)
}

out_of_scope(policy) if {
	broken := policy.exempt.breakGlass
	value := pod_template.metadata.annotations[broken.annotation]
	is_string(value)
	matches(broken.value, value)
}

# A request that does not say the group of its kind may be of any.
has_kind(policy) if {
	group := policy.match.kinds[input.request.kind.kind]
	not is_other_group(group)
}

is_other_group(group) if {
	is_string(input.request.kind.group)
	input.request.kind.group != group
}

is_ephemeral_container if {
	input.request.kind.kind == "Pod"
	input.request.subResource == "ephemeralcontainers"
}

# From the input, else from the namespaces that kube-mgmt replicates; undefined where they are not known.
namespace_labels := input.namespaceLabels if {
	is_object(input.namespaceLabels)
} else := data.kubernetes.namespaces[namespace].metadata.labels if {
	is_object(data.kubernetes.namespaces[namespace].metadata.labels)
} else := {} if {
	is_object(data.kubernetes.namespaces[namespace])
}

selects(selector, labels) if {
	every key, value in selector.matchLabels {
		label(labels, key) == value
	}
	every requirement in selector.matchExpressions {
		satisfies(requirement, labels)
	}
}

satisfies(requirement, labels) if {
	requirement.operator == "In"
	has_value(labels, requirement)
}

satisfies(requirement, labels) if {
	requirement.operator == "NotIn"
	not has_value(labels, requirement)
}

satisfies(requirement, labels) if {
	requirement.operator == "Exists"
	has_label(labels, requirement.key)
}

satisfies(requirement, labels) if {
	requirement.operator == "DoesNotExist"
	not has_label(labels, requirement.key)
}

has_value(labels, requirement) if label(labels, requirement.key) in requirement.values

has_label(labels, key) if is_string(label(labels, key))

label(labels, key) := labels[key] if {
	key != "kubernetes.io/metadata.name"
} else := namespace if {
	key == "kubernetes.io/metadata.name"
}

# ---- Images ----

pod_template := input.request.object if {
	input.request.kind.kind == "Pod"
} else := input.request.object.spec.jobTemplate.spec.template if {
	input.request.kind.kind == "CronJob"
} else := input.request.object.template if {
	input.request.kind.kind == "PodTemplate"
} else := input.request.object.spec.template if {
	not input.request.kind.kind in {"Pod", "CronJob", "PodTemplate"}
}

pod_spec := pod_template.spec

# Apart, for `not f(x)` is undefined and not true where `x` is.
has_pod_spec if is_object(pod_spec)

pod_spec_path := "spec" if {
	input.request.kind.kind == "Pod"
} else := "spec.jobTemplate.spec.template.spec" if {
	input.request.kind.kind == "CronJob"
} else := "template.spec" if {
	input.request.kind.kind == "PodTemplate"
} else := "spec.template.spec"

# Every image and its place, and every place where an image should be and something unreadable is: nothing is skipped. The
# field is put together for violations alone.
images := [[[], null]] if {
	not has_pod_spec
} else := [image |
	some list in ["initContainers", "containers", "ephemeralContainers", "volumes"]
	some image in images_of(list)
]

images_of(list) := [image |
	some index, entry in pod_spec[list]
	some image in images_in(list, index, entry)
] if {
	is_array(pod_spec[list])
} else := [] if {
	object.get(pod_spec, list, null) == null
} else := [[[list], null]]

images_in(list, index, entry) := [[[list, index, ".image"], object.get(entry, "image", null)]] if {
	list != "volumes"
	is_object(entry)
} else := [[[list, index, ""], null]] if {
	not is_object(entry)
} else := [] if {
	object.get(entry, "image", null) == null
} else := [[[list, index, ".image"], null]] if {
	not is_object(entry.image)
} else := [] if {
	# The API lets a controller fill it in.
	object.get(entry.image, "reference", null) in {null, ""}
} else := [[[list, index, ".image.reference"], entry.image.reference]]

field_at([]) := pod_spec_path

field_at([list]) := concat("", [pod_spec_path, ".", list])

field_at([list, index, member]) := concat("", [pod_spec_path, ".", list, "[", format_int(index, 10), "]", member])

# ---- The verdict of one image ----

violations(name, rules) := [violation(name, rules, image, field_at(place)) |
	some [place, image] in images
	not is_admitted(rules, image)
]

is_admitted(rules, image) if {
	is_string(image)
	reference := parse(image, rules)
	not is_denied(rules, reference)
	is_listed(rules, reference)
	not is_registry_missing(rules, reference)
	not is_tag_missing(rules, reference)
	not is_tag_denied(rules, reference)
	not is_digest_missing(rules, reference)
}

is_denied(rules, reference) if {
	rules.deny.patterns != {}
	finds(rules.deny, reference, deny_ports(reference))
}

is_listed(rules, reference) if {
	not rules.allow
} else if {
	reference.registry.port == ""
	finds_at(rules.allow, reference.registry.host, reference)
} else if {
	finds(rules.allow, reference, allow_ports(reference))
}

is_registry_missing(rules, reference) if {
	rules.require.registry == "explicit"
	not reference.namesRegistry
}

is_tag_missing(rules, reference) if {
	rules.require.tag == "explicit"
	reference.tag == ""
	reference.digest == ""
}

is_tag_denied(rules, reference) if {
	some glob in rules.denyTags
	tag := pulled_tag(reference)
	tag != ""
	matches(glob, tag)
}

is_digest_missing(rules, reference) if {
	rules.require.digest == true
	reference.digest == ""
}

violation(name, rules, image, field) := {
	"image": image_text(image),
	"field": field,
	"reason": found_reason,
	"msg": concat("", [subject(found_reason, image), field, " ", explain(found_reason, name, rules, image)]),
} if {
	found_reason := reason(rules, image)
}

image_text(image) := image if {
	is_string(image)
} else := ""

reason(rules, image) := "missing" if {
	image_text(image) == ""
} else := first_reason(rules, parse(image, rules)) if {
	is_object(parse(image, rules))
} else := "invalid"

first_reason(rules, reference) := "denied" if {
	is_denied(rules, reference)
} else := "unlisted" if {
	not is_listed(rules, reference)
} else := "registry-implicit" if {
	is_registry_missing(rules, reference)
} else := "tag-missing" if {
	is_tag_missing(rules, reference)
} else := "tag-denied" if {
	is_tag_denied(rules, reference)
} else := "digest-missing"

# ---- Messages ----

subject("missing", _) := "no image can be read in "

subject(found_reason, image) := concat("", ["container image ", quoted(image), " in "]) if found_reason != "missing"

# As JSON, so that no image makes a second line of a message.
quoted(text) := json.marshal(text) if {
	count(text) <= 512
} else := json.marshal(concat("", [substring(text, 0, 512), "..."]))

explain(found_reason, name, rules, image) := concat("", ["for policy ", name, " to judge"]) if {
	found_reason == "missing"
} else := concat("", ["is no valid reference, as policy ", name, " requires"]) if {
	found_reason == "invalid"
} else := explain_reference(found_reason, name, rules, parse(image, rules))

explain_reference("denied", name, rules, reference) := concat("", ["is denied by the pattern ", pattern, " of policy ", name, reason_text]) if {
	# Objects have no order that all of OPA's runtimes share.
	[pattern, text] := min(denials(rules, reference))
	reason_text := after_colon(text)
}

explain_reference("unlisted", name, _, reference) := concat("", ["is not in the allow list of policy ", name, ": it is pulled as ", print(reference)])

explain_reference("registry-implicit", name, _, reference) := concat("", ["names no registry, as policy ", name, " requires: write ", print(reference)])

explain_reference("tag-missing", name, _, _) := concat("", ["has neither tag nor digest, one of which policy ", name, " requires"])

explain_reference("tag-denied", name, _, reference) := concat("", ["has the tag ", pulled_tag(reference), ", which policy ", name, " denies"])

explain_reference("digest-missing", name, _, _) := concat("", ["is not pinned by a digest (@sha256:...), which policy ", name, " requires"])

after_colon(true) := ""

after_colon(text) := concat("", [": ", text]) if is_string(text)

print(reference) := concat("", [print_registry(reference.registry), "/", reference.repository, tag, digest]) if {
	tag := after_sign(":", pulled_tag(reference))
	digest := after_sign("@", reference.digest)
}

after_sign(_, "") := ""

after_sign(sign, text) := concat("", [sign, text]) if text != ""

# ---- References: the grammar and the normalisation of github.com/distribution/reference ----
#
# No regular expression here: in WebAssembly each is compiled again in every evaluation, string built-ins are nearly free.

# `port` is "" for 443, `tag` and `digest` where there is none. Undefined for what is no reference.
parse(image, rules) := {
	"registry": registry,
	"repository": in_library(registry, repository),
	"tag": tag,
	"digest": digest,
	"namesRegistry": names_registry,
} if {
	length := count(image)
	length <= 512
	not is_image_id(image, length)
	halves := split(image, "@")
	digest := digest_of(halves)
	[name, tag] := name_and_tag(split(halves[0], ":"))
	components := split(name, "/")
	names_registry := begins_with_registry(components)
	registry := registry_of(names_registry, components[0], rules)
	repository := repository_of(names_registry, name, components[0])
	is_repository(repository)
}

is_image_id(image, 64) if is_made_of(image, "0123456789abcdef")

# OPA looks for each character of the text from the first of `characters` on: the commonest come first.
is_made_of(text, characters) if trim_left(text, characters) == ""

# The tag that is pulled where none is written.
pulled_tag(reference) := "latest" if {
	reference.tag == ""
	reference.digest == ""
} else := reference.tag

digest_of([_]) := ""

digest_of([_, digest]) := digest if {
	[algorithm, hex] := split(digest, ":")
	count(hex) == {"sha256": 64, "sha384": 96, "sha512": 128}[algorithm]
	is_made_of(hex, "0123456789abcdef")
}

# What follows the last `:` is the tag, unless that `:` is in front of a port.
name_and_tag([name]) := [name, ""]

name_and_tag([name, tag]) := [name, tag] if {
	is_tag(tag)
} else := [concat(":", [name, tag]), ""] if contains(tag, "/")

name_and_tag(parts) := [concat(":", array.slice(parts, 0, last)), parts[last]] if {
	parts[2]
	last := count(parts) - 1
	is_tag(parts[last])
} else := [concat(":", parts), ""] if {
	parts[2]
	contains(parts[count(parts) - 1], "/")
}

is_tag(tag) if {
	tag != ""
	count(tag) <= 128
	is_made_of(tag, "0123456789.-etaoinsrlcdmpguhbykfvwxjqz_ETAOINSRLCDMPGUHBYKFVWXJQZ")
	not startswith(tag, ".")
	not startswith(tag, "-")
}

# The repository begins after the registry, if the text before the first `/` reads as one.
begins_with_registry(components) if {
	components[1]
	reads_as_registry(components[0])
} else := false

repository_of(false, name, _) := name

repository_of(true, name, registry) := trim_prefix(name, concat("", [registry, "/"]))

reads_as_registry(text) if {
	contains(text, ".")
} else if {
	contains(text, ":")
} else if {
	text == "localhost"
} else if {
	lower(text) != text
}

registry_of(false, _, rules) := rules.defaultRegistry

registry_of(true, text, rules) := {"host": real_host(host, port), "port": port} if {
	[written, port] := host_and_port(text, rules)
	host := lower(written)
}

real_host(host, port) := "docker.io" if {
	host == "index.docker.io"
	port == ""
} else := host

host_and_port(text, rules) := [text, ""] if {
	not contains(text, ":")
	is_host(text, rules)
} else := [host, port] if {
	not startswith(text, "[")
	[host, digits] := split(text, ":")
	is_host(host, rules)
	port := port_of(digits)
} else := [concat("", [address, "]"]), port] if {
	startswith(text, "[")
	[address, after] := split(text, "]")
	address != "["
	is_made_of(substring(address, 1, -1), "0123456789abcdefABCDEF:")
	port := port_after_bracket(after)
}

port_after_bracket("") := ""

port_after_bracket(after) := port_of(substring(after, 1, -1)) if startswith(after, ":")

port_of(digits) := "" if {
	trim_left(digits, "0") == "443"
} else := "0" if {
	digits != ""
	is_made_of(digits, "0")
} else := trim_left(digits, "0") if {
	digits != ""
	is_made_of(digits, "0123456789")
}

# What a policy lists without a wildcard is a host: to find it costs less than to look at its characters.
is_host(host, rules) if {
	rules.allow.patterns[host]
	not contains(host, "*")
} else if {
	host != ""
	is_made_of(host, "etaoinsr.lcdmpguhbykfvwxjqz-0123456789ETAOINSRLCDMPGUHBYKFVWXJQZ")
	dotted := concat("", [".", host, "."])
	not contains(dotted, "..")
	not contains(dotted, ".-")
	not contains(dotted, "-.")
}

# Without a port, what does not read as a registry would be a part of a short name.
print_registry(registry) := concat("", [registry.host, ":", registry.port]) if {
	registry.port != ""
} else := registry.host if {
	reads_as_registry(registry.host)
} else := concat("", [registry.host, ":443"])

is_repository(repository) if {
	is_made_of(repository, "etaoinsrlcdmp/-guhbykfvwxjqz._0123456789")
	framed := concat("", ["/", repository, "/"])
	not has_misplaced_slash(framed)
	not has_misplaced_dot(framed)
	not has_misplaced_underscore(framed)
}

has_misplaced_slash(framed) if contains(framed, "//")

has_misplaced_slash(framed) if contains(framed, "/-")

has_misplaced_slash(framed) if contains(framed, "-/")

has_misplaced_dot(framed) if {
	contains(framed, ".")
	some pair in ["..", "./", "/.", ".-", "-.", "._", "_."]
	contains(framed, pair)
}

has_misplaced_underscore(framed) if {
	contains(framed, "_")
	some pair in ["___", "_/", "/_", "_-", "-_"]
	contains(framed, pair)
}

in_library(registry, repository) := concat("", ["library/", repository]) if {
	registry.host == "docker.io"
	registry.port == ""
	not contains(repository, "/")
} else := repository

# ---- Patterns ----
#
# A list holds the patterns by registry, then by repository. What it holds there is `true` or the reason, where any tag
# and digest will do, else tags and digests: `is`, without wildcards, and `like`. Patterns with a wildcard that is
# neither `**` alone nor a `/**` at the end are found by the text in front of their first `*`, or after their last.

# In `allow`, a registry without a port is that of port 443.
allow_ports(reference) := ["", ":443", ":*"] if {
	reference.registry.port == ""
} else := [concat("", [":", reference.registry.port]), ":*"]

# In `deny`, it is that of any port.
deny_ports(reference) := ["", ":443", ":*"] if {
	reference.registry.port == ""
} else := ["", concat("", [":", reference.registry.port]), ":*"]

finds(list, reference, ports) if {
	some registry in registries(list, reference, ports)
	finds_at(list, registry, reference)
}

finds_at(list, registry, reference) if {
	repositories := list.patterns[registry]
	finds_in(list, registry, repositories, reference)
}

# What most patterns are comes first: the rest is not looked for where that is found.
finds_in(list, registry, repositories, reference) if {
	holds(repositories["**"], reference)
} else if {
	holds(repositories[reference.repository], reference)
} else if {
	some repository in repository_patterns(list, registry, reference)
	holds(repositories[repository], reference)
}

denials(rules, reference) := [[pattern, text] |
	some registry in registries(rules.deny, reference, deny_ports(reference))
	repositories := rules.deny.patterns[registry]
	some repository in repository_patterns(rules.deny, registry, reference)
	some [image, text] in held(repositories[repository], reference)
	pattern := concat("", [registry, "/", repository, image])
]

registries(list, reference, ports) := array.concat(
	["**"],
	[registry |
		some host in hosts(list, reference.registry.host)
		some port in ports
		registry := concat("", [host, port])
	],
)

# No wildcard stands for a bracketed address or for a part of it.
hosts(list, host) := [host] if {
	list.hosts == []
} else := [host] if {
	startswith(host, "[")
} else := array.concat([host], found_patterns(list.hosts, host, "."))

repository_patterns(list, registry, reference) := array.concat(
	[reference.repository],
	array.concat(
		[concat("/", array.concat(array.slice(components, 0, length), ["**"])) |
			components := split(reference.repository, "/")
			some length in list.depths[registry]
			length < count(components)
		],
		found_patterns(object.get(list.repositories, registry, []), reference.repository, "/"),
	),
)

found_patterns(steps, text, separator) := [pattern |
	some step in steps
	some pattern, expression in step.patterns[literal(step, text)]
	is_found(pattern, expression, text, separator)
]

# The text that all the patterns of a step start or end with.
literal(step, text) := substring(text, 0, step.start) if {
	step.start
} else := substring(text, count(text) - step.end, -1) if {
	count(text) >= step.end
}

is_found(pattern, true, text, separator) if has_one_star(pattern, text, separator)

# `team-*/**`
is_found(pattern, "/**", text, separator) if {
	components := split(text, "/")
	length := count(split(pattern, "/")) - 1
	count(components) > length
	has_one_star(trim_suffix(pattern, "/**"), concat("/", array.slice(components, 0, length)), separator)
}

# `**.example.com`
is_found(pattern, "**.", text, _) if endswith(text, substring(pattern, 2, -1))

is_found(pattern, expression, text, _) if {
	is_string(expression)
	startswith(expression, "^")

	# What is literal has to be there: to look for it costs less than to compile the expression.
	every piece in split(pattern, "*") {
		contains(text, trim(piece, "/"))
	}
	regex.match(expression, text)
}

# One `*`, which stands for a part of what is between two separators; a part of a host is never empty.
has_one_star(pattern, text, separator) if {
	[before, after] := split(pattern, "*")
	startswith(text, before)
	endswith(text, after)
	between := (count(text) - count(before)) - count(after)
	between >= {".": 1, "/": 0}[separator]
	not contains(substring(text, count(before), between), separator)
}

holds(images, reference) if {
	images == true
} else if {
	is_string(images)
} else if {
	some image in image_keys(reference)
	images.is[image]
} else if {
	some image, _ in images.like
	is_like(image, reference)
}

held(images, reference) := [["", images]] if {
	not is_object(images)
} else := array.concat(
	[[image, text] |
		some image in image_keys(reference)
		text := images.is[image]
	],
	[[image, text] |
		some image, text in images.like
		is_like(image, reference)
	],
)

image_keys(reference) := [
	"",
	concat("", [":", tag]),
	concat("", ["@", reference.digest]),
	concat("", [":", tag, "@", reference.digest]),
] if {
	tag := pulled_tag(reference)
}

# `:v*`, `@*`, `:v*@sha256:*`
is_like(image, reference) if {
	parts := split(image, "@")
	is_tag_like(trim_prefix(parts[0], ":"), pulled_tag(reference))
	is_digest_like(parts, reference.digest)
}

is_tag_like("", _)

is_tag_like(glob, tag) if {
	glob != ""
	tag != ""
	matches(glob, tag)
}

is_digest_like([_], _)

is_digest_like([_, glob], digest) if {
	digest != ""
	matches(glob, digest)
}

# ---- Globs: `*` is zero or more characters ----

one_matches(globs, text) if {
	some glob in globs
	matches(glob, text)
}

matches(glob, text) if matches_pieces(split(glob, "*"), text)

matches_pieces([piece], text) if text == piece

matches_pieces([before, after], text) if {
	startswith(text, before)
	endswith(text, after)
	count(text) >= count(before) + count(after)
}

matches_pieces([before, piece, after], text) if {
	startswith(text, before)
	endswith(text, after)
	between := (count(text) - count(before)) - count(after)
	between >= 0
	contains(substring(text, count(before), between), piece)
}

# More than two `*` are in tags and digests alone, where a `.` is all that an expression would read otherwise.
matches_pieces(pieces, text) if {
	count(pieces) > 3
	regex.match(concat("", ["^", replace(replace(concat("*", pieces), ".", "[.]"), "*", ".*"), "$"]), text)
}
