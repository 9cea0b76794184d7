package validatingadmissionpolicy

import (
	"fmt"
	"sync"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	"k8s.io/apiserver/pkg/cel/environment"
)

var newEnvironment = sync.OnceValue(func() *environment.EnvSet {
	return environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion())
})

// expressions are what a policy compiles, in the API server's own types.
type expressions struct {
	variables   []cel.NamedExpressionAccessor
	conditions  []cel.ExpressionAccessor
	validations []cel.ExpressionAccessor
	messages    []cel.ExpressionAccessor
	annotations []cel.ExpressionAccessor
}

func expressionsOf(spec admissionregistrationv1.ValidatingAdmissionPolicySpec) expressions {
	var all expressions
	for _, variable := range spec.Variables {
		all.variables = append(all.variables, &validating.Variable{Name: variable.Name, Expression: variable.Expression})
	}
	for i := range spec.MatchConditions {
		all.conditions = append(all.conditions, (*matchconditions.MatchCondition)(&spec.MatchConditions[i]))
	}
	for _, check := range spec.Validations {
		all.validations = append(all.validations, &validating.ValidationCondition{Expression: check.Expression, Message: check.Message, Reason: check.Reason})
		// The two lists go side by side: a validation without a message expression has a nil in the second.
		var message cel.ExpressionAccessor
		if check.MessageExpression != "" {
			message = &validating.MessageExpressionCondition{MessageExpression: check.MessageExpression}
		}
		all.messages = append(all.messages, message)
	}
	for _, annotation := range spec.AuditAnnotations {
		all.annotations = append(all.annotations, &validating.AuditAnnotationCondition{Key: annotation.Key, ValueExpression: annotation.ValueExpression})
	}
	return all
}

// compile is compilePolicy of plugin/policy/validating, which is not exported. The API server compiles a policy twice:
// when it is written, where an error refuses it, and to run it, where an error is the policy's failure. So does this.
func compile(policy *admissionregistrationv1.ValidatingAdmissionPolicy) (validating.Validator, error) {
	all := expressionsOf(policy.Spec)
	hasParams := policy.Spec.ParamKind != nil
	if err := check(all, hasParams); err != nil {
		return nil, err
	}
	compiler, err := cel.NewCompositedCompiler(newEnvironment())
	if err != nil {
		return nil, err
	}
	withAuthorizer := cel.OptionalVariableDeclarations{HasParams: hasParams, HasAuthorizer: true}
	compiler.CompileAndStoreVariables(all.variables, withAuthorizer, environment.StoredExpressions)
	var matcher matchconditions.Matcher
	if len(all.conditions) > 0 {
		conditions := compiler.CompileCondition(all.conditions, withAuthorizer, environment.StoredExpressions)
		matcher = matchconditions.NewMatcher(conditions, policy.Spec.FailurePolicy, "policy", "validate", policy.Name)
	}
	return validating.NewValidator(
		compiler.CompileCondition(all.validations, withAuthorizer, environment.StoredExpressions),
		matcher,
		compiler.CompileCondition(all.annotations, withAuthorizer, environment.StoredExpressions),
		compiler.CompileCondition(all.messages, cel.OptionalVariableDeclarations{HasParams: hasParams}, environment.StoredExpressions),
		policy.Spec.FailurePolicy,
		nil,
	), nil
}

// check compiles every expression as a new one, that is with what the version before this one knew.
func check(all expressions, hasParams bool) error {
	compiler, err := cel.NewCompositedCompiler(newEnvironment())
	if err != nil {
		return err
	}
	withAuthorizer := cel.OptionalVariableDeclarations{HasParams: hasParams, HasAuthorizer: true}
	for _, variable := range all.variables {
		if result := compiler.CompileAndStoreVariable(variable, withAuthorizer, environment.NewExpressions); result.Error != nil {
			return fmt.Errorf("the variable `%s`: %w", variable.GetName(), result.Error)
		}
	}
	for _, list := range []struct {
		name        string
		expressions []cel.ExpressionAccessor
		variables   cel.OptionalVariableDeclarations
	}{
		{"match condition", all.conditions, withAuthorizer},
		{"validation", all.validations, withAuthorizer},
		{"message expression", all.messages, cel.OptionalVariableDeclarations{HasParams: hasParams}},
		{"audit annotation", all.annotations, withAuthorizer},
	} {
		for i, expression := range list.expressions {
			if expression == nil {
				continue
			}
			if result := compiler.CompileCELExpression(expression, list.variables, environment.NewExpressions); result.Error != nil {
				return fmt.Errorf("the %s %d: %w", list.name, i+1, result.Error)
			}
		}
	}
	return nil
}
