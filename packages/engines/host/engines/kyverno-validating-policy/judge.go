package kyvernovalidatingpolicy

import (
	"context"

	celengine "github.com/kyverno/kyverno/pkg/cel/engine"
	"github.com/kyverno/kyverno/pkg/cel/libs"
	"github.com/kyverno/kyverno/pkg/cel/matching"
	vpolengine "github.com/kyverno/kyverno/pkg/cel/policies/vpol/engine"
	engineapi "github.com/kyverno/kyverno/pkg/engine/api"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"

	"registry-policy.dev/host/engines"
)

type policy struct {
	provider          vpolengine.Provider
	selectsNamespaces bool
}

// noCluster answers the CEL functions that ask the cluster or a registry: there is nothing in either.
var noCluster = libs.NewFakeContextProvider()

// Judge is the handler of pkg/webhooks/resource/vpol. The webhook's own rules are the policies' match constraints,
// which the engine looks at again.
func (p *policy) Judge(ctx context.Context, review engines.Review) engines.Verdict {
	namespace := engines.NamespaceOf(review)
	if namespace == nil && review.Request.Namespace != "" && p.selectsNamespaces {
		// Kyverno takes a namespace that it does not know for one that has only its name as a label.
		return engines.Failed("the labels of the namespace `%s` are not known, and the policy selects by them", review.Request.Namespace)
	}
	resolve := func(string) *corev1.Namespace { return namespace }
	engine := vpolengine.NewEngine(p.provider, resolve, matching.NewMatcher())
	response, err := engine.Handle(ctx, celengine.RequestFromAdmission(noCluster, review.Request), nil)
	if err != nil {
		return engines.Failed("%v", err)
	}
	verdict := engines.NewVerdict()
	for _, judged := range response.Policies {
		for _, rule := range judged.Rules {
			collect(&verdict, rule, judged.Actions.UnsortedList())
		}
	}
	return verdict
}

// collect is the handler's admissionResponse for one rule. A rule that is skipped was left out by its match conditions.
func collect(verdict *engines.Verdict, rule engineapi.RuleResponse, actions []admissionregistrationv1.ValidationAction) {
	switch rule.Status() {
	case engineapi.RuleStatusSkip:
	case engineapi.RuleStatusPass:
		verdict.Raise(engines.Allow)
	case engineapi.RuleStatusFail:
		verdict.Say(rule.Message())
		verdict.Name(engines.ImagesInMessage(rule.Message())...)
		verdict.Raise(engines.Allow)
		for _, action := range actions {
			switch action {
			case admissionregistrationv1.Deny:
				verdict.Raise(engines.Deny)
			case admissionregistrationv1.Warn:
				verdict.Raise(engines.Warn)
			case admissionregistrationv1.Audit:
				verdict.Raise(engines.Audit)
			default:
				verdict.Fail("unknown validation action `" + string(action) + "`")
			}
		}
	default:
		// Kyverno refuses the request then, whatever the failure policy says: nothing was decided.
		verdict.Say(rule.Message())
		verdict.Fail(rule.Message())
	}
}
