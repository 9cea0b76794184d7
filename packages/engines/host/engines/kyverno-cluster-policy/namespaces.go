package kyvernoclusterpolicy

import (
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"registry-policy.dev/host/engines"
)

// namespaceLister is the one namespace that a review knows of, for code that asks an informer.
type namespaceLister struct {
	namespace *corev1.Namespace
}

func newNamespaceLister(review engines.Review) namespaceLister {
	return namespaceLister{engines.NamespaceOf(review)}
}

// known is the namespace, or nil where the request has none or its labels are not known.
func (l namespaceLister) known() *corev1.Namespace {
	return l.namespace
}

// List implements corev1listers.NamespaceLister.
func (l namespaceLister) List(selector labels.Selector) ([]*corev1.Namespace, error) {
	if l.namespace != nil && selector.Matches(labels.Set(l.namespace.Labels)) {
		return []*corev1.Namespace{l.namespace}, nil
	}
	return nil, nil
}

// Get implements corev1listers.NamespaceLister.
func (l namespaceLister) Get(name string) (*corev1.Namespace, error) {
	if l.namespace != nil && l.namespace.Name == name {
		return l.namespace, nil
	}
	return nil, apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, name)
}
