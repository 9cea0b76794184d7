# An example of what not to do.
package kubernetes.admission

deny contains msg if {
	input.request.kind.kind == "Pod"
	image := input.request.object.spec.containers[0].image
	not contains(image, "@sha256:")
	msg := sprintf("%v is not pinned by its digest", [image])
}
