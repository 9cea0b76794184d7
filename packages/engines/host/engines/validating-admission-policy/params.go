package validatingadmissionpolicy

import (
	"fmt"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"

	"registry-policy.dev/host/engines"
)

// params are the objects of a policy's `spec.paramKind` that stand beside it, in the place of an informer.
type params struct {
	store cache.Indexer
	// isNamespaced says whether the kind has namespaces, which no file says of a custom resource: it has if one of its
	// objects is in a namespace, or is looked for in one.
	isNamespaced bool
}

// paramsOf finds them among all manifests.
func paramsOf(kind *admissionregistrationv1.ParamKind, manifests []engines.Manifest, bindings []*admissionregistrationv1.ValidatingAdmissionPolicyBinding) (*params, error) {
	if kind == nil {
		return nil, nil
	}
	found := &params{
		store:        cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc}),
		isNamespaced: kind.APIVersion == "v1" && (kind.Kind == "ConfigMap" || kind.Kind == "Secret"),
	}
	for _, binding := range bindings {
		found.isNamespaced = found.isNamespaced || binding.Spec.ParamRef != nil && binding.Spec.ParamRef.Namespace != ""
	}
	var objects []*unstructured.Unstructured
	for _, manifest := range manifests {
		if !isOfKind(manifest, kind) {
			continue
		}
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(manifest.JSON); err != nil {
			return nil, fmt.Errorf("%s: %w", manifest.Place, err)
		}
		object.SetNamespace(manifest.Namespace)
		objects = append(objects, object)
		found.isNamespaced = found.isNamespaced || manifest.Namespace != ""
	}
	if len(objects) == 0 {
		return nil, fmt.Errorf("`spec.paramKind`: there is no `%s` of `%s` beside the policy", kind.Kind, kind.APIVersion)
	}
	for _, object := range objects {
		// What is applied without a namespace is in the default one.
		if found.isNamespaced && object.GetNamespace() == "" {
			object.SetNamespace("default")
		}
		if err := found.store.Add(object); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func isOfKind(manifest engines.Manifest, kind *admissionregistrationv1.ParamKind) bool {
	return kind != nil && manifest.APIVersion == kind.APIVersion && manifest.Kind == kind.Kind
}

// informer is none, where there are no parameters.
func (p *params) informer() informers.GenericInformer {
	if p == nil {
		return nil
	}
	return paramInformer{p.store}
}

func (p *params) scope() meta.RESTScope {
	if p == nil || !p.isNamespaced {
		return meta.RESTScopeRoot
	}
	return meta.RESTScopeNamespace
}

// paramInformer has what it will ever have from the start.
type paramInformer struct {
	store cache.Indexer
}

// Informer implements informers.GenericInformer.
func (paramInformer) Informer() cache.SharedIndexInformer {
	return syncedInformer{}
}

// Lister implements informers.GenericInformer.
func (p paramInformer) Lister() cache.GenericLister {
	return cache.NewGenericLister(p.store, schema.GroupResource{Resource: "params"})
}

type syncedInformer struct {
	cache.SharedIndexInformer
}

// HasSynced implements cache.SharedIndexInformer.
func (syncedInformer) HasSynced() bool {
	return true
}
