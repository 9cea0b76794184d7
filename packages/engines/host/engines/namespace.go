package engines

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// NamespaceOf is the namespace object of the request, as an engine that looks namespaces up would find it: with the
// label `kubernetes.io/metadata.name`, which the API server puts on every namespace. It is nil for a request without
// a namespace, and where the namespace's labels are not known.
func NamespaceOf(review Review) *corev1.Namespace {
	name := review.Request.Namespace
	if name == "" || review.NamespaceLabels == nil {
		return nil
	}
	labels := maps.Clone(review.NamespaceLabels)
	labels[corev1.LabelMetadataName] = name
	return &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels},
	}
}
