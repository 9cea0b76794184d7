package oparego

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/util"

	"registry-policy.dev/host/engines"
)

type policy struct {
	deny *rego.PreparedEvalQuery
	// decision is nil where the policy has no such rule.
	decision *rego.PreparedEvalQuery
}

// Judge asks for `deny`, the only thing that a webhook reads. Where it is empty, `decision` tells a request that is
// allowed from one that is out of scope, or that violates a policy which only warns or records.
func (p *policy) Judge(ctx context.Context, review engines.Review) engines.Verdict {
	input, err := inputOf(review)
	if err != nil {
		return engines.Failed("%v", err)
	}
	denied, err := evaluate(ctx, p.deny, input)
	if err != nil {
		return engines.Failed("`deny`: %v", err)
	}
	violations, isList := denied.([]any)
	if !isList {
		return engines.Failed("`deny` is no set but `%v`", denied)
	}
	verdict := engines.NewVerdict()
	if len(violations) > 0 {
		verdict.Raise(engines.Deny)
		collect(&verdict, violations)
		return verdict
	}
	verdict.Raise(engines.Allow)
	if p.decision == nil {
		return verdict
	}
	value, err := evaluate(ctx, p.decision, input)
	if err != nil {
		return engines.Failed("`decision`: %v", err)
	}
	return decide(value)
}

// decide reads a decision beside an empty `deny`.
func decide(value any) engines.Verdict {
	text, err := json.Marshal(value)
	if err != nil {
		return engines.Failed("`decision`: %v", err)
	}
	var decision struct {
		Scope       *bool  `json:"scope"`
		Violations  []any  `json:"violations"`
		Enforcement string `json:"enforcement"`
	}
	if err := json.Unmarshal(text, &decision); err != nil || decision.Scope == nil || decision.Violations == nil {
		return engines.Failed("`decision` is no object with `scope`, `violations` and `enforcement`: %s", text)
	}
	verdict := engines.NewVerdict()
	if !*decision.Scope {
		if len(decision.Violations) > 0 {
			return engines.Failed("`decision` has violations of a request that is out of its scope: %s", text)
		}
		return verdict
	}
	verdict.Raise(engines.Allow)
	if len(decision.Violations) == 0 {
		return verdict
	}
	switch decision.Enforcement {
	case "warn":
		verdict.Raise(engines.Warn)
	case "audit":
		verdict.Raise(engines.Audit)
	default:
		return engines.Failed("`decision` has violations with the enforcement `%s`, and `deny` is empty", decision.Enforcement)
	}
	collect(&verdict, decision.Violations)
	return verdict
}

// evaluate returns the one value of a query.
func evaluate(ctx context.Context, query *rego.PreparedEvalQuery, input any) (any, error) {
	results, err := query.Eval(ctx, rego.EvalInput(input), rego.EvalSortSets(true))
	if err != nil {
		return nil, err
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return nil, errors.New("it is undefined")
	}
	return results[0].Expressions[0].Value, nil
}

func collect(verdict *engines.Verdict, violations []any) {
	for _, violation := range violations {
		switch violation := violation.(type) {
		case string:
			verdict.Say(violation)
			verdict.Name(engines.ImagesInMessage(violation)...)
		case map[string]any:
			if message, isString := violation["msg"].(string); isString {
				verdict.Say(message)
			}
			if image, isString := violation["image"].(string); isString {
				verdict.Name(image)
			}
		default:
			verdict.Say(fmt.Sprint(violation))
		}
	}
}

// inputOf is the input document: the AdmissionReview's request, and the namespace's labels where they are known.
func inputOf(review engines.Review) (any, error) {
	text, err := json.Marshal(review.Request)
	if err != nil {
		return nil, err
	}
	var request any
	if err := util.UnmarshalJSON(text, &request); err != nil {
		return nil, err
	}
	input := map[string]any{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
	if review.NamespaceLabels != nil {
		labels := map[string]any{}
		for name, value := range review.NamespaceLabels {
			labels[name] = value
		}
		input["namespaceLabels"] = labels
	}
	return input, nil
}
