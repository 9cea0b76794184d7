package validatingadmissionpolicy

import (
	"errors"
	"fmt"
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The defaults and the checks of the API server are in k8s.io/kubernetes (pkg/apis/admissionregistration), which is no
// library. What follows are those of them that decide whether and how a policy runs.

// setDefaults does what pkg/apis/admissionregistration/v1/defaults.go does.
func setDefaults(policy *admissionregistrationv1.ValidatingAdmissionPolicy) {
	if policy.Spec.FailurePolicy == nil {
		fail := admissionregistrationv1.Fail
		policy.Spec.FailurePolicy = &fail
	}
	setSelectors(policy.Spec.MatchConstraints)
}

func setSelectors(resources *admissionregistrationv1.MatchResources) {
	if resources == nil {
		return
	}
	if resources.MatchPolicy == nil {
		equivalent := admissionregistrationv1.Equivalent
		resources.MatchPolicy = &equivalent
	}
	if resources.NamespaceSelector == nil {
		resources.NamespaceSelector = &metav1.LabelSelector{}
	}
	if resources.ObjectSelector == nil {
		resources.ObjectSelector = &metav1.LabelSelector{}
	}
	for _, rules := range [][]admissionregistrationv1.NamedRuleWithOperations{resources.ResourceRules, resources.ExcludeResourceRules} {
		for i := range rules {
			if rules[i].Scope == nil {
				all := admissionregistrationv1.AllScopes
				rules[i].Scope = &all
			}
		}
	}
}

const (
	maxMatchConditions  = 64
	maxAuditAnnotations = 20
)

func checkPolicy(policy *admissionregistrationv1.ValidatingAdmissionPolicy) error {
	spec := policy.Spec
	if spec.ParamKind != nil && (spec.ParamKind.APIVersion == "" || spec.ParamKind.Kind == "") {
		return errors.New("`spec.paramKind` needs `apiVersion` and `kind`")
	}
	if *spec.FailurePolicy != admissionregistrationv1.Fail && *spec.FailurePolicy != admissionregistrationv1.Ignore {
		return fmt.Errorf("`spec.failurePolicy` is `%s`, and must be `Fail` or `Ignore`", *spec.FailurePolicy)
	}
	if spec.MatchConstraints == nil || len(spec.MatchConstraints.ResourceRules) == 0 {
		return errors.New("`spec.matchConstraints.resourceRules` is required")
	}
	if err := checkResources(spec.MatchConstraints, "spec", "matchConstraints"); err != nil {
		return err
	}
	if len(spec.Validations) == 0 && len(spec.AuditAnnotations) == 0 {
		return errors.New("`spec.validations` or `spec.auditAnnotations` is required")
	}
	if len(spec.MatchConditions) > maxMatchConditions {
		return fmt.Errorf("`spec.matchConditions` has %d conditions, where %d is the limit", len(spec.MatchConditions), maxMatchConditions)
	}
	if len(spec.AuditAnnotations) > maxAuditAnnotations {
		return fmt.Errorf("`spec.auditAnnotations` has %d annotations, where %d is the limit", len(spec.AuditAnnotations), maxAuditAnnotations)
	}
	names := map[string]bool{}
	for _, condition := range spec.MatchConditions {
		if condition.Name == "" || names[condition.Name] {
			return fmt.Errorf("`spec.matchConditions`: the name `%s` is missing or given twice", condition.Name)
		}
		names[condition.Name] = true
	}
	names = map[string]bool{}
	for _, variable := range spec.Variables {
		if variable.Name == "" || names[variable.Name] {
			return fmt.Errorf("`spec.variables`: the name `%s` is missing or given twice", variable.Name)
		}
		names[variable.Name] = true
	}
	return nil
}

func checkBinding(binding *admissionregistrationv1.ValidatingAdmissionPolicyBinding) error {
	spec := binding.Spec
	if spec.PolicyName == "" {
		return errors.New("`spec.policyName` is required")
	}
	if ref := spec.ParamRef; ref != nil {
		if (ref.Name == "") == (ref.Selector == nil) {
			return errors.New("`spec.paramRef` needs either `name` or `selector`")
		}
		if action := ref.ParameterNotFoundAction; action == nil || *action != admissionregistrationv1.AllowAction && *action != admissionregistrationv1.DenyAction {
			return errors.New("`spec.paramRef.parameterNotFoundAction` must be `Allow` or `Deny`")
		}
	}
	if len(spec.ValidationActions) == 0 {
		return errors.New("`spec.validationActions` is required")
	}
	seen := map[admissionregistrationv1.ValidationAction]bool{}
	for _, action := range spec.ValidationActions {
		if !slices.Contains([]admissionregistrationv1.ValidationAction{admissionregistrationv1.Deny, admissionregistrationv1.Warn, admissionregistrationv1.Audit}, action) {
			return fmt.Errorf("`spec.validationActions`: `%s` is none of `Deny`, `Warn` and `Audit`", action)
		}
		if seen[action] {
			return fmt.Errorf("`spec.validationActions`: `%s` is given twice", action)
		}
		seen[action] = true
	}
	if seen[admissionregistrationv1.Deny] && seen[admissionregistrationv1.Warn] {
		return errors.New("`spec.validationActions`: must not contain both `Deny` and `Warn` (repeating the same validation failure information in the API response and headers serves no purpose)")
	}
	if spec.MatchResources == nil {
		return nil
	}
	return checkResources(spec.MatchResources, "spec", "matchResources")
}

func checkResources(resources *admissionregistrationv1.MatchResources, path string, more ...string) error {
	at := field.NewPath(path, more...)
	var errs field.ErrorList
	options := validation.LabelSelectorValidationOptions{}
	errs = append(errs, validation.ValidateLabelSelector(resources.NamespaceSelector, options, at.Child("namespaceSelector"))...)
	errs = append(errs, validation.ValidateLabelSelector(resources.ObjectSelector, options, at.Child("objectSelector"))...)
	if *resources.MatchPolicy != admissionregistrationv1.Exact && *resources.MatchPolicy != admissionregistrationv1.Equivalent {
		errs = append(errs, field.NotSupported(at.Child("matchPolicy"), *resources.MatchPolicy, []string{"Equivalent", "Exact"}))
	}
	operations := []admissionregistrationv1.OperationType{admissionregistrationv1.OperationAll, admissionregistrationv1.Create, admissionregistrationv1.Update, admissionregistrationv1.Delete, admissionregistrationv1.Connect}
	for name, rules := range map[string][]admissionregistrationv1.NamedRuleWithOperations{"resourceRules": resources.ResourceRules, "excludeResourceRules": resources.ExcludeResourceRules} {
		for i, rule := range rules {
			ruleAt := at.Child(name).Index(i)
			for part, values := range map[string][]string{"apiGroups": rule.APIGroups, "apiVersions": rule.APIVersions, "resources": rule.Resources} {
				if len(values) == 0 {
					errs = append(errs, field.Required(ruleAt.Child(part), ""))
				}
				if slices.Contains(values, "*") && len(values) > 1 && part != "resources" {
					errs = append(errs, field.Invalid(ruleAt.Child(part), values, "if '*' is present, must not specify others"))
				}
			}
			if len(rule.Operations) == 0 {
				errs = append(errs, field.Required(ruleAt.Child("operations"), ""))
			}
			for _, operation := range rule.Operations {
				if !slices.Contains(operations, operation) {
					errs = append(errs, field.NotSupported(ruleAt.Child("operations"), operation, operations))
				}
			}
		}
	}
	return errs.ToAggregate()
}
