// Package kyvernovalidatingpolicy judges with Kyverno's ValidatingPolicy: its CEL compiler, the policies that it
// generates for controllers, and the engine with its matcher, as the admission controller puts them together.
package kyvernovalidatingpolicy

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	policieskyvernoio "github.com/kyverno/api/api/policies.kyverno.io"
	policiesv1beta1 "github.com/kyverno/api/api/policies.kyverno.io/v1beta1"
	"github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno/data"
	"github.com/kyverno/kyverno/pkg/cel/policies/vpol"
	"github.com/kyverno/kyverno/pkg/cel/policies/vpol/compiler"
	vpolengine "github.com/kyverno/kyverno/pkg/cel/policies/vpol/engine"

	"registry-policy.dev/host/customresource"
	"registry-policy.dev/host/engines"
)

// ID is the name of the compiler's target and of this engine.
const ID = "kyverno-validating-policy"

const group = "policies.kyverno.io/"

// schemas are those of the versions that the CustomResourceDefinition serves. It converts nothing between them.
var schemas = map[string]func() (*customresource.Schema, error){
	"v1":       schemaOf("v1"),
	"v1beta1":  schemaOf("v1beta1"),
	"v1alpha1": schemaOf("v1alpha1"),
}

func schemaOf(version string) func() (*customresource.Schema, error) {
	return sync.OnceValues(func() (*customresource.Schema, error) {
		definitions, err := data.Crds()
		if err != nil {
			return nil, err
		}
		return customresource.Read(definitions, "policies.kyverno.io_validatingpolicies.yaml", version)
	})
}

// Load reads ValidatingPolicies and checks them as Kyverno's policy webhook does.
func Load(files []engines.File) (engines.Policy, []string, error) {
	manifests, err := engines.ReadManifests(files)
	if err != nil {
		return nil, nil, err
	}
	var policies []policiesv1beta1.ValidatingPolicyLike
	var warnings []string
	selectsNamespaces := false
	seen := map[string]bool{}
	for _, manifest := range manifests {
		version, isOfGroup := strings.CutPrefix(manifest.APIVersion, group)
		readSchema := schemas[version]
		if !isOfGroup || readSchema == nil || manifest.Kind != "ValidatingPolicy" {
			return nil, nil, fmt.Errorf("%s: `%s` of `%s` is no ValidatingPolicy of `policies.kyverno.io/v1`", manifest.Place, manifest.Kind, manifest.APIVersion)
		}
		if seen[manifest.Name] {
			return nil, nil, fmt.Errorf("%s: a second ValidatingPolicy named `%s`", manifest.Place, manifest.Name)
		}
		seen[manifest.Name] = true
		schema, err := readSchema()
		if err != nil {
			return nil, nil, err
		}
		// The controller watches v1beta1, which has the fields of the others.
		policy := &policiesv1beta1.ValidatingPolicy{}
		if err := manifest.DecodeAdmitted(schema, policy); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", manifest.Place, err)
		}
		said, err := check(policy)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", manifest.Place, err)
		}
		warnings = append(warnings, said...)
		policies = append(policies, policy)
		selectsNamespaces = selectsNamespaces || policy.Spec.MatchConstraints.NamespaceSelector != nil
	}
	provider, err := vpolengine.NewProvider(compiler.NewCompiler(), policies, nil)
	if err != nil {
		return nil, nil, err
	}
	return &policy{provider: provider, selectsNamespaces: selectsNamespaces}, warnings, nil
}

// check is pkg/webhooks/policy's Validate, and what the admission controller would leave out in silence.
func check(policy *policiesv1beta1.ValidatingPolicy) ([]string, error) {
	if !policy.Spec.AdmissionEnabled() {
		return nil, errors.New("`spec.evaluation.admission.enabled` is false, so that the admission controller never runs the policy")
	}
	if policy.Spec.EvaluationMode() != policieskyvernoio.EvaluationModeKubernetes {
		return nil, fmt.Errorf("`spec.evaluation.mode` is `%s`, so that the admission controller never runs the policy", policy.Spec.EvaluationMode())
	}
	if len(policy.Spec.Validations) == 0 {
		return nil, errors.New("`spec.validations` is empty, so that the policy admits everything")
	}
	return vpol.Validate(policy)
}
