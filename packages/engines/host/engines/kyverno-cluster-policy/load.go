// Package kyvernoclusterpolicy judges with Kyverno's ClusterPolicy: the policy cache, the validation handler of the
// admission webhook and the engine itself, as the admission controller puts them together.
package kyvernoclusterpolicy

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	kyvernov1 "github.com/kyverno/kyverno/api/kyverno/v1"
	"github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno/data"
	"github.com/kyverno/kyverno/pkg/autogen"
	"github.com/kyverno/kyverno/pkg/config"
	"github.com/kyverno/kyverno/pkg/engine"
	"github.com/kyverno/kyverno/pkg/engine/adapters"
	engineapi "github.com/kyverno/kyverno/pkg/engine/api"
	"github.com/kyverno/kyverno/pkg/engine/factories"
	"github.com/kyverno/kyverno/pkg/engine/jmespath"
	imageverifycache "github.com/kyverno/kyverno/pkg/image/verification/cache"
	"github.com/kyverno/kyverno/pkg/policycache"
	reportutils "github.com/kyverno/kyverno/pkg/utils/report"
	policyvalidation "github.com/kyverno/kyverno/pkg/validation/policy"
	webhookutils "github.com/kyverno/kyverno/pkg/webhooks/utils"
	"github.com/kyverno/sdk/extensions/registryclient"

	"registry-policy.dev/host/customresource"
	"registry-policy.dev/host/engines"
)

// ID is the name of the compiler's target and of this engine.
const ID = "kyverno-cluster-policy"

// controller is what the admission controller builds once at its start.
type controller struct {
	engine    engineapi.Engine
	builder   webhookutils.PolicyContextBuilder
	discovery discovery
}

// schemas are those of the versions that the CustomResourceDefinition serves. It converts nothing between them, and
// Kyverno reads them all as v1.
var schemas = map[string]func() (*customresource.Schema, error){
	"v1":      schemaOf("v1"),
	"v2beta1": schemaOf("v2beta1"),
}

func schemaOf(version string) func() (*customresource.Schema, error) {
	return sync.OnceValues(func() (*customresource.Schema, error) {
		definitions, err := data.Crds()
		if err != nil {
			return nil, err
		}
		return customresource.Read(definitions, "kyverno.io_clusterpolicies.yaml", version)
	})
}

var newController = sync.OnceValues(func() (*controller, error) {
	resources, err := newDiscovery()
	if err != nil {
		return nil, err
	}
	// The configuration without the ConfigMap that the Helm chart installs, that is with no resourceFilters and no
	// excludeGroups: what a cluster's owner leaves out of Kyverno altogether is no part of a policy.
	configuration := config.NewDefaultConfiguration(false)
	// The webhook asks this, and a nil one crashes it, even where reports are off.
	reportutils.NewReportingConfig(nil)
	jp := jmespath.New(configuration)
	isCluster := false
	return &controller{
		engine: engine.NewEngine(
			configuration,
			jp,
			nil,
			factories.DefaultRegistryClientFactory(adapters.RegistryClient(registryclient.New()), nil),
			imageverifycache.DisabledImageVerifyCache(),
			factories.DefaultContextLoaderFactory(nil),
			nil,
			&isCluster,
		),
		builder:   webhookutils.NewPolicyContextBuilder(configuration, jp),
		discovery: resources,
	}, nil
})

// Load reads ClusterPolicies and checks them as Kyverno's policy webhook does.
func Load(files []engines.File) (engines.Policy, []string, error) {
	shared, err := newController()
	if err != nil {
		return nil, nil, err
	}
	manifests, err := engines.ReadManifests(files)
	if err != nil {
		return nil, nil, err
	}
	loaded := &policy{controller: shared, cache: policycache.NewCache()}
	var warnings []string
	seen := map[string]bool{}
	for _, manifest := range manifests {
		version, isOfGroup := strings.CutPrefix(manifest.APIVersion, kyvernov1.SchemeGroupVersion.Group+"/")
		readSchema := schemas[version]
		if !isOfGroup || readSchema == nil || manifest.Kind != "ClusterPolicy" {
			return nil, nil, fmt.Errorf("%s: `%s` of `%s` is no ClusterPolicy of `%s`", manifest.Place, manifest.Kind, manifest.APIVersion, kyvernov1.SchemeGroupVersion)
		}
		if seen[manifest.Name] {
			return nil, nil, fmt.Errorf("%s: a second ClusterPolicy named `%s`", manifest.Place, manifest.Name)
		}
		seen[manifest.Name] = true
		schema, err := readSchema()
		if err != nil {
			return nil, nil, err
		}
		clusterPolicy := &kyvernov1.ClusterPolicy{}
		if err := manifest.DecodeAdmitted(schema, clusterPolicy); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", manifest.Place, err)
		}
		said, err := check(clusterPolicy)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", manifest.Place, err)
		}
		warnings = append(warnings, said...)
		webhook, err := registeredBy(clusterPolicy, shared.discovery)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", manifest.Place, err)
		}
		if err := loaded.add(clusterPolicy, webhook); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", manifest.Place, err)
		}
	}
	return loaded, warnings, nil
}

// check is pkg/webhooks/policy's Validate without a cluster. Match conditions are checked by themselves, because
// Kyverno asks the cluster for its version first.
func check(clusterPolicy *kyvernov1.ClusterPolicy) ([]string, error) {
	if !clusterPolicy.AdmissionProcessingEnabled() {
		return nil, fmt.Errorf("`spec.admission` is false, so that the admission controller never runs the policy")
	}
	if !clusterPolicy.Spec.HasValidate() {
		return nil, fmt.Errorf("no rule validates anything, so that the validating webhook never runs the policy")
	}
	for i, rule := range clusterPolicy.Spec.Rules {
		entries := rule.Context
		if rule.Validation != nil {
			for _, foreach := range rule.Validation.ForEachValidation {
				entries = append(slices.Clip(entries), foreach.Context...)
			}
		}
		for _, entry := range entries {
			if entry.ConfigMap != nil || entry.APICall != nil || entry.ImageRegistry != nil || entry.GlobalReference != nil {
				return nil, fmt.Errorf("`spec.rules[%d]`: the context `%s` comes from a cluster or a registry, and here is none", i, entry.Name)
			}
		}
	}
	checked := clusterPolicy.DeepCopy()
	if checked.Spec.CustomWebhookMatchConditions() {
		if err := policyvalidation.ValidateCustomWebhookMatchConditions(checked.Spec.GetMatchConditions()); err != nil {
			return nil, err
		}
		checked.Spec.WebhookConfiguration.MatchConditions = nil
	}
	warnings, err := policyvalidation.Validate(checked, nil, nil, true, "", "")
	if err != nil {
		return nil, err
	}
	return warnings, uniqueComputedRules(clusterPolicy)
}

// uniqueComputedRules refuses two computed rules of one name. Kyverno cuts the names of generated rules to 63
// characters and looks a failed rule's action up by its name, so that the first of the two decides for both
// (pkg/engine/api/engineresponse.go, failureActionForRule).
func uniqueComputedRules(clusterPolicy *kyvernov1.ClusterPolicy) error {
	seen := map[string]bool{}
	for _, rule := range autogen.Default.ComputeRules(clusterPolicy, "") {
		if seen[rule.Name] {
			return fmt.Errorf("two rules are named `%s` once Kyverno has generated the rules for controllers, and the first would decide whether the second blocks", rule.Name)
		}
		seen[rule.Name] = true
	}
	return nil
}
