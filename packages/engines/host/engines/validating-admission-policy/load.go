// Package validatingadmissionpolicy judges with the API server's own ValidatingAdmissionPolicy: its dispatcher, its
// matcher and its validator, with its cost limits.
package validatingadmissionpolicy

import (
	"fmt"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"

	"registry-policy.dev/host/engines"
)

// ID is the name of the compiler's target and of this engine.
const ID = "validating-admission-policy"

// Load reads ValidatingAdmissionPolicies, their bindings and their parameters, checks them as the API server does when they are created,
// and compiles the expressions.
func Load(files []engines.File) (engines.Policy, []string, error) {
	manifests, err := engines.ReadManifests(files)
	if err != nil {
		return nil, nil, err
	}
	var definitions []*admissionregistrationv1.ValidatingAdmissionPolicy
	bindings := map[string][]*admissionregistrationv1.ValidatingAdmissionPolicyBinding{}
	seen := map[string]bool{}
	var others []engines.Manifest
	for _, manifest := range manifests {
		key := manifest.Kind + "/" + manifest.Namespace + "/" + manifest.Name
		if seen[key] {
			return nil, nil, fmt.Errorf("%s: a second `%s` named `%s`", manifest.Place, manifest.Kind, manifest.Name)
		}
		seen[key] = true
		isOfGroup := strings.HasPrefix(manifest.APIVersion, admissionregistrationv1.GroupName+"/")
		switch {
		case !isOfGroup:
			others = append(others, manifest)
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
	for _, manifest := range others {
		isParam := func(definition *admissionregistrationv1.ValidatingAdmissionPolicy) bool {
			return isOfKind(manifest, definition.Spec.ParamKind)
		}
		if !slices.ContainsFunc(definitions, isParam) {
			return nil, nil, fmt.Errorf("%s: `%s` of `%s` is neither a ValidatingAdmissionPolicy nor a binding or parameter of one", manifest.Place, manifest.Kind, manifest.APIVersion)
		}
	}
	loaded := &policy{}
	for _, definition := range definitions {
		if len(bindings[definition.Name]) == 0 {
			return nil, nil, fmt.Errorf("the policy `%s` has no binding, so that it enforces nothing", definition.Name)
		}
		params, err := paramsOf(definition.Spec.ParamKind, others, bindings[definition.Name])
		if err != nil {
			return nil, nil, fmt.Errorf("the policy `%s`: %w", definition.Name, err)
		}
		validator, err := compile(definition)
		if err != nil {
			return nil, nil, fmt.Errorf("the policy `%s`: %w", definition.Name, err)
		}
		loaded.hooks = append(loaded.hooks, validating.PolicyHook{
			Policy:        definition,
			Bindings:      bindings[definition.Name],
			ParamInformer: params.informer(),
			ParamScope:    params.scope(),
			Evaluator:     recordingValidator{validator},
		})
		delete(bindings, definition.Name)
	}
	for name := range bindings {
		return nil, nil, fmt.Errorf("a binding is for the policy `%s`, which is not there", name)
	}
	return loaded, nil, nil
}
