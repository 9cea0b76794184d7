package kyvernoclusterpolicy

import (
	"fmt"
	"strings"

	"github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno/data"
	"github.com/kyverno/kyverno/ext/wildcard"
	"github.com/kyverno/kyverno/pkg/clients/dclient"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// discovery answers what Kyverno asks a cluster's discovery API, from the list of built-in resources that Kyverno's
// own command line carries.
type discovery struct {
	resources map[dclient.TopLevelApiDescription]metav1.APIResource
	// kinds is the kind of each resource itself, which is that of a request for one of its sub-resources too.
	kinds map[metav1.GroupVersionResource]schema.GroupVersionKind
}

func newDiscovery() (discovery, error) {
	groups, err := data.APIGroupResources()
	if err != nil {
		return discovery{}, fmt.Errorf("reading Kyverno's list of built-in resources: %w", err)
	}
	found := discovery{
		resources: map[dclient.TopLevelApiDescription]metav1.APIResource{},
		kinds:     map[metav1.GroupVersionResource]schema.GroupVersionKind{},
	}
	for _, group := range groups {
		for version, resources := range group.VersionedResources {
			gv := schema.GroupVersion{Group: group.Group.Name, Version: version}
			kinds := map[string]string{}
			for _, resource := range resources {
				if !strings.Contains(resource.Name, "/") {
					kinds[resource.Name] = resource.Kind
					found.kinds[metav1.GroupVersionResource{Group: gv.Group, Version: version, Resource: resource.Name}] = gv.WithKind(resource.Kind)
				}
			}
			for _, resource := range resources {
				name, subresource, _ := strings.Cut(resource.Name, "/")
				if kind, known := kinds[name]; known {
					found.resources[dclient.TopLevelApiDescription{GroupVersion: gv, Kind: kind, Resource: name, SubResource: subresource}] = resource
				}
			}
		}
	}
	return found, nil
}

// FindResources is policycache.ResourceFinder: what a kind selector of a policy means in a cluster.
func (d discovery) FindResources(group, version, kind, subresource string) (map[dclient.TopLevelApiDescription]metav1.APIResource, error) {
	found := map[dclient.TopLevelApiDescription]metav1.APIResource{}
	for resource, description := range d.resources {
		if wildcard.Match(group, resource.GroupVersion.Group) &&
			wildcard.Match(version, resource.GroupVersion.Version) &&
			wildcard.Match(kind, resource.Kind) &&
			(subresource == "") == (resource.SubResource == "") &&
			wildcard.Match(subresource, resource.SubResource) {
			found[resource] = description
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("the built-in API has no kind `%s` (group `%s`, version `%s`, sub-resource `%s`), so that the policy would never match", kind, group, version, subresource)
	}
	return found, nil
}
