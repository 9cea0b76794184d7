package kyvernoclusterpolicy

import (
	"context"
	"strings"
	"time"

	"github.com/go-logr/logr"
	kyvernov1 "github.com/kyverno/kyverno/api/kyverno/v1"
	engineapi "github.com/kyverno/kyverno/pkg/engine/api"
	"github.com/kyverno/kyverno/pkg/policycache"
	"github.com/kyverno/kyverno/pkg/webhooks/handlers"
	"github.com/kyverno/kyverno/pkg/webhooks/resource/validation"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"registry-policy.dev/host/engines"
)

// policy is the ClusterPolicies of one load, in the cache where the admission controller keeps them.
type policy struct {
	*controller
	cache    policycache.Cache
	policies []registered
}

// registered is a policy with what its webhook is called for. Kyverno gives a policy with match conditions a webhook
// of its own, on a path of its own, and so past the cache.
type registered struct {
	policy      *kyvernov1.ClusterPolicy
	webhook     registration
	fineGrained bool
}

func (p *policy) add(clusterPolicy *kyvernov1.ClusterPolicy, webhook registration) error {
	p.policies = append(p.policies, registered{clusterPolicy, webhook, clusterPolicy.Spec.CustomWebhookMatchConditions()})
	return p.cache.Set(clusterPolicy.Name, clusterPolicy, p.discovery)
}

// Judge runs the validating webhook's handler: once for the policies that share a webhook, once for each that has
// its own.
func (p *policy) Judge(ctx context.Context, review engines.Review) engines.Verdict {
	verdict := engines.NewVerdict()
	gvk, known := p.discovery.kinds[review.Request.Resource]
	if !known {
		// No rule can name the kind of a resource that is not built in (load refuses that), except by a wildcard.
		gvk = schema.GroupVersionKind(review.Request.Kind)
	}
	request := handlers.AdmissionRequest{AdmissionRequest: review.Request, GroupVersionKind: gvk}
	namespaces := engines.NewNamespaceLister(review)
	handler := validation.NewValidationHandler(logr.Discard(), nil, p.engine, p.cache, p.builder, nil, false, nil, namespaces)
	shared := false
	for _, candidate := range p.policies {
		if !candidate.webhook.calls(&review.Request) {
			continue
		}
		if !candidate.fineGrained {
			shared = true
			continue
		}
		enforced := []kyvernov1.PolicyInterface{candidate.policy}
		var warned []kyvernov1.PolicyInterface
		if emitsWarning(candidate.policy) {
			warned = enforced
		}
		run(ctx, &verdict, handler, request, enforced, warned, false)
	}
	if shared {
		find := func(kind policycache.PolicyType) []kyvernov1.PolicyInterface {
			return p.sharedOnly(p.cache.GetPolicies(kind, schema.GroupVersionResource(review.Request.Resource), review.Request.SubResource, namespaces.Known()))
		}
		enforced, warned := find(policycache.ValidateEnforce), find(policycache.ValidateAuditWarn)
		run(ctx, &verdict, handler, request, enforced, warned, p.hasSilentAudit())
	}
	return verdict
}

// run is resourceHandlers.Validate of pkg/webhooks/resource: enforce, and then, unless the request was refused, audit.
func run(
	ctx context.Context,
	verdict *engines.Verdict,
	handler validation.ValidationHandler,
	request handlers.AdmissionRequest,
	enforced, warned []kyvernov1.PolicyInterface,
	audits bool,
) {
	admitted, message, warnings, responses := handler.HandleValidationEnforce(ctx, request, enforced, warned, time.Time{})
	if !admitted && len(responses) == 0 {
		verdict.Fail(message)
		return
	}
	failed := engines.Warn
	if !admitted {
		failed = engines.Deny
	} else if len(warnings) == 0 {
		failed = engines.Audit
	}
	collect(verdict, responses, failed)
	if admitted && audits {
		collect(verdict, handler.HandleValidationAudit(ctx, request), engines.Audit)
	}
}

func collect(verdict *engines.Verdict, responses []engineapi.EngineResponse, failed engines.Kind) {
	for _, response := range responses {
		for _, rule := range response.PolicyResponse.Rules {
			switch rule.Status() {
			case engineapi.RuleStatusPass:
				verdict.Raise(engines.Allow)
			case engineapi.RuleStatusFail:
				verdict.Raise(failed)
				verdict.Say(rule.Message())
				verdict.Name(engines.ImagesInMessage(rule.Message())...)
			case engineapi.RuleStatusSkip:
				// A rule that looked at the old object, found the violation there already and let the new one
				// pass has judged the request; one whose preconditions do not hold has not.
				if letExistingViolationPass(rule.Message()) {
					verdict.Raise(engines.Allow)
				}
			default:
				// Also where the failure policy turns the error into a refusal: nothing was decided.
				verdict.Fail(rule.Message())
				verdict.Say(rule.Message())
			}
		}
	}
}

// letExistingViolationPass tells the two skips apart; Kyverno says it only in the text (validate_resource.go).
func letExistingViolationPass(message string) bool {
	return strings.Contains(message, "pre-existing violations are allowed") || message == "failed to validate old object"
}

// hasSilentAudit says whether a shared policy can have rules that are audited without a warning; all the others were
// run by the enforcing half already.
func (p *policy) hasSilentAudit() bool {
	for _, candidate := range p.policies {
		if !candidate.fineGrained && !emitsWarning(candidate.policy) {
			return true
		}
	}
	return false
}

func emitsWarning(clusterPolicy *kyvernov1.ClusterPolicy) bool {
	return clusterPolicy.Spec.EmitWarning != nil && *clusterPolicy.Spec.EmitWarning
}

// sharedOnly leaves out the policies whose requests come on a path of their own.
func (p *policy) sharedOnly(found []kyvernov1.PolicyInterface) []kyvernov1.PolicyInterface {
	var kept []kyvernov1.PolicyInterface
	for _, candidate := range found {
		if spec := candidate.GetSpec(); !spec.CustomWebhookMatchConditions() {
			kept = append(kept, candidate)
		}
	}
	return kept
}
