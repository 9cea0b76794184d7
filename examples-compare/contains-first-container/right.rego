package kubernetes.admission

import rego.v1

deny contains msg if {
	input.request.kind.kind == "Pod"
	image := input.request.object.spec.containers[0].image
	not contains(image, "registry.my.com")
	msg := sprintf("%v does not come from registry.my.com", [image])
}
