// Package validatingadmissionpolicy judges with the API server's own ValidatingAdmissionPolicy: its dispatcher, its
// matcher and its validator, with its cost limits.
package validatingadmissionpolicy

import (
	"fmt"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"

	"registry-policy.dev/host/engines"
)

// ID is the name of the compiler's target and of this engine.
const ID = "validating-admission-policy"

// Load reads ValidatingAdmissionPolicies and their bindings, checks them as the API server does when they are created,
// and compiles the expressions.
func Load(files []engines.File) (engines.Policy, []string, error) {
	manifests, err := engines.ReadManifests(files)
	if err != nil {
		return nil, nil, err
	}
	var definitions []*admissionregistrationv1.ValidatingAdmissionPolicy
	bindings := map[string][]*admissionregistrationv1.ValidatingAdmissionPolicyBinding{}
	seen := map[string]bool{}
	for _, manifest := range manifests {
		if seen[manifest.Kind+"/"+manifest.Name] {
			return nil, nil, fmt.Errorf("%s: a second `%s` named `%s`", manifest.Place, manifest.Kind, manifest.Name)
		}
		seen[manifest.Kind+"/"+manifest.Name] = true
		switch {
		case manifest.APIVersion != admissionregistrationv1.SchemeGroupVersion.String():
			err = fmt.Errorf("`%s` is not `%s`", manifest.APIVersion, admissionregistrationv1.SchemeGroupVersion)
		case manifest.Kind == "ValidatingAdmissionPolicy":
			definition := &admissionregistrationv1.ValidatingAdmissionPolicy{}
			if err = manifest.Decode(definition); err == nil {
				setDefaults(definition)
				err = checkPolicy(definition)
				definitions = append(definitions, definition)
			}
		case manifest.Kind == "ValidatingAdmissionPolicyBinding":
			binding := &admissionregistrationv1.ValidatingAdmissionPolicyBinding{}
			if err = manifest.Decode(binding); err == nil {
				setSelectors(binding.Spec.MatchResources)
				err = checkBinding(binding)
				bindings[binding.Spec.PolicyName] = append(bindings[binding.Spec.PolicyName], binding)
			}
		default:
			err = fmt.Errorf("`%s` is neither a ValidatingAdmissionPolicy nor a binding of one", manifest.Kind)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", manifest.Place, err)
		}
	}
	loaded := &policy{}
	for _, definition := range definitions {
		if len(bindings[definition.Name]) == 0 {
			return nil, nil, fmt.Errorf("the policy `%s` has no binding, so that it enforces nothing", definition.Name)
		}
		validator, err := compile(definition)
		if err != nil {
			return nil, nil, fmt.Errorf("the policy `%s`: %w", definition.Name, err)
		}
		loaded.hooks = append(loaded.hooks, validating.PolicyHook{
			Policy:    definition,
			Bindings:  bindings[definition.Name],
			Evaluator: recordingValidator{validator},
		})
		delete(bindings, definition.Name)
	}
	for name := range bindings {
		return nil, nil, fmt.Errorf("a binding is for the policy `%s`, which is not there", name)
	}
	return loaded, nil, nil
}
