package kubernetes.admission

deny[msg] {
	input.request.kind.kind == "Pod"
	image := input.request.object.spec.containers[_].image
	not re_match("^registry\\.acmecorp\\.com/.+$", image)
	msg := sprintf("the image '%v' comes from an untrusted registry", [image])
}
