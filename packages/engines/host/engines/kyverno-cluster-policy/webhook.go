package kyvernoclusterpolicy

import (
	"maps"
	"slices"

	kyvernov1 "github.com/kyverno/kyverno/api/kyverno/v1"
	"github.com/kyverno/kyverno/pkg/autogen"
	kubeutils "github.com/kyverno/kyverno/pkg/utils/kube"
	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/util/sets"
)

// registration is the part of Kyverno's ValidatingWebhookConfiguration that one policy asks for: the API server calls
// Kyverno for nothing else. It follows pkg/controllers/webhook (collectResourceDescriptions, mergeWebhook and
// buildRulesWithOperations), which exports none of it.
type registration map[registeredResource]sets.Set[kyvernov1.AdmissionOperation]

// registeredResource is a rule of the webhook; every part may be `*`.
type registeredResource struct {
	group, version, resource, subresource string
}

var allOperations = []kyvernov1.AdmissionOperation{kyvernov1.Create, kyvernov1.Update, kyvernov1.Delete, kyvernov1.Connect}

func registeredBy(policy *kyvernov1.ClusterPolicy, resources discovery) (registration, error) {
	webhook := registration{}
	for _, rule := range autogen.Default.ComputeRules(policy, "") {
		if !rule.HasValidate() {
			continue
		}
		for selector, operations := range operationsByKind(rule) {
			group, version, kind, subresource := kubeutils.ParseKindSelector(selector)
			if kind == "*" {
				webhook.add(registeredResource{group, version, kind, subresource}, operations)
				continue
			}
			found, err := resources.FindResources(group, version, kind, subresource)
			if err != nil {
				return nil, err
			}
			for resource := range found {
				webhook.add(registeredResource{resource.GroupVersion.Group, resource.GroupVersion.Version, resource.Resource, resource.SubResource}, operations)
			}
		}
	}
	return webhook, nil
}

// add registers a resource, and with pods always pods/ephemeralcontainers.
func (w registration) add(resource registeredResource, operations sets.Set[kyvernov1.AdmissionOperation]) {
	w[resource] = operations.Union(w[resource])
	isPods := (resource.group == "" || resource.group == "*") && (resource.version == "v1" || resource.version == "*") &&
		(resource.resource == "pods" || resource.resource == "*") && resource.subresource == ""
	if isPods {
		ephemeral := registeredResource{resource.group, resource.version, "pods", "ephemeralcontainers"}
		w[ephemeral] = operations.Union(w[ephemeral])
	}
}

// calls says whether the API server would call the webhook for the request.
func (w registration) calls(request *admissionv1.AdmissionRequest) bool {
	for rule, operations := range w {
		if operations.Has(kyvernov1.AdmissionOperation(request.Operation)) &&
			accepts(rule.group, request.Resource.Group) && accepts(rule.version, request.Resource.Version) &&
			accepts(rule.resource, request.Resource.Resource) && accepts(rule.subresource, request.SubResource) {
			return true
		}
	}
	return false
}

func accepts(rule, value string) bool {
	return rule == "*" || rule == value
}

// operationsByKind is the webhook's view of a rule's match block: the operations of every kind selector, all of them
// where the rule names none, less what an `exclude.any` takes away that names nothing but kinds and operations.
func operationsByKind(rule kyvernov1.Rule) map[string]sets.Set[kyvernov1.AdmissionOperation] {
	byKind := map[string]sets.Set[kyvernov1.AdmissionOperation]{}
	include := func(description kyvernov1.ResourceDescription) {
		operations := description.Operations
		if len(operations) == 0 {
			operations = allOperations
		}
		for _, kind := range description.Kinds {
			byKind[kind] = sets.New(operations...).Union(byKind[kind])
		}
	}
	include(rule.MatchResources.ResourceDescription)
	for _, filter := range slices.Concat(rule.MatchResources.All, rule.MatchResources.Any) {
		include(filter.ResourceDescription)
	}
	if rule.ExcludeResources == nil {
		return byKind
	}
	for _, filter := range rule.ExcludeResources.Any {
		if !filter.UserInfo.IsEmpty() || filter.Name != "" || len(filter.Names) != 0 || len(filter.Namespaces) != 0 ||
			len(filter.Annotations) != 0 || filter.Selector != nil || filter.NamespaceSelector != nil {
			continue
		}
		kinds := filter.Kinds
		if len(kinds) == 0 {
			kinds = slices.Collect(maps.Keys(byKind))
		}
		operations := filter.Operations
		if len(operations) == 0 {
			operations = allOperations
		}
		for _, kind := range kinds {
			if byKind[kind] != nil {
				byKind[kind].Delete(operations...)
			}
		}
	}
	return byKind
}
