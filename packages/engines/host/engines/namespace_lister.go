package engines

import (
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// NamespaceLister is the one namespace that a review knows of, for code that asks an informer.
type NamespaceLister struct {
	namespace *corev1.Namespace
}

// NewNamespaceLister knows the namespace of the review, unless its labels are unknown.
func NewNamespaceLister(review Review) NamespaceLister {
	return NamespaceLister{NamespaceOf(review)}
}

// Known is the namespace, or nil where the request has none or its labels are not known.
func (l NamespaceLister) Known() *corev1.Namespace {
	return l.namespace
}

// List implements corev1listers.NamespaceLister.
func (l NamespaceLister) List(selector labels.Selector) ([]*corev1.Namespace, error) {
	if l.namespace != nil && selector.Matches(labels.Set(l.namespace.Labels)) {
		return []*corev1.Namespace{l.namespace}, nil
	}
	return nil, nil
}

// Get implements corev1listers.NamespaceLister.
func (l NamespaceLister) Get(name string) (*corev1.Namespace, error) {
	if l.namespace != nil && l.namespace.Name == name {
		return l.namespace, nil
	}
	return nil, apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, name)
}
