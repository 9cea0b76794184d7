package gatekeeper

import (
	"context"
	"regexp"
	"strings"

	"github.com/go-logr/logr"
	constraintclient "github.com/open-policy-agent/frameworks/constraint/pkg/client"
	clienterrors "github.com/open-policy-agent/frameworks/constraint/pkg/client/errors"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/reviews"
	"github.com/open-policy-agent/frameworks/constraint/pkg/types"
	mutationtypes "github.com/open-policy-agent/gatekeeper/v3/pkg/mutation/types"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/util"
	admissionv1 "k8s.io/api/admission/v1"

	"registry-policy.dev/host/engines"
)

type policy struct {
	client *constraintclient.Client
}

// Judge is the webhook's Handle: review at the webhook's enforcement point, then each result by its action.
func (p *policy) Judge(ctx context.Context, review engines.Review) engines.Verdict {
	if !webhookCalls(&review.Request) {
		return engines.NewVerdict()
	}
	namespace := engines.NamespaceOf(review)
	options := []reviews.ReviewOpt{
		reviews.EnforcementPoint(util.WebhookEnforcementPoint),
		// The statistics say, as nothing else does, whether a constraint matched at all.
		reviews.Stats(true),
	}
	if option := util.NamespaceReviewOpt(namespace, logr.Discard()); option != nil {
		options = append(options, option)
	}
	responses, err := p.client.Review(ctx, &target.AugmentedReview{
		AdmissionRequest: &review.Request,
		Namespace:        namespace,
		Source:           mutationtypes.SourceTypeOriginal,
		IsAdmission:      true,
	}, options...)
	if err != nil {
		return engines.Failed("%v", err)
	}
	verdict := engines.NewVerdict()
	if len(responses.StatsEntries) > 0 {
		verdict.Raise(engines.Allow)
	}
	for _, result := range responses.Results() {
		collect(&verdict, result)
	}
	return verdict
}

func collect(verdict *engines.Verdict, result *types.Result) {
	verdict.Say(result.Msg)
	details := result.Metadata["details"]
	if details == nil && isError(result.Msg) {
		verdict.Fail(result.Msg)
		return
	}
	if named, isObject := details.(map[string]any); isObject {
		if image, isString := named["image"].(string); isString {
			verdict.Name(image)
		}
	} else {
		verdict.Name(engines.ImagesInMessage(result.Msg)...)
	}
	actions := result.ScopedEnforcementActions
	if result.EnforcementAction != string(util.Scoped) {
		actions = []string{result.EnforcementAction}
	}
	for _, action := range actions {
		switch util.EnforcementAction(action) {
		case util.Deny:
			verdict.Raise(engines.Deny)
		case util.Warn:
			verdict.Raise(engines.Warn)
		case util.Dryrun:
			verdict.Raise(engines.Audit)
		default:
			// The webhook logs it and admits the request (getValidationMessages).
			verdict.Fail("unrecognized enforcement action `" + action + "`")
		}
	}
}

// celErrors are how the evaluation of CEL reports that it failed; the CEL driver makes a violation of that too. They
// are of plugin/cel/condition.go and plugin/policy/validating/validator.go of k8s.io/apiserver.
var celErrors = []string{
	"expression '",
	"compilation error: ",
	"compile error: ",
	"failed messageExpression: ",
	"validation failed due to running out of cost budget",
}

// regoError is how topdown's errors read: Gatekeeper makes a violation of an evaluation that fails (Query of the Rego
// driver), which is no decision about the request.
var regoError = regexp.MustCompile(`(?:^|: )(?:eval|rego)_[a-z_]*error: `)

// isError tells a failure that is dressed as a violation; a violation of ours has details, a failure never has.
func isError(message string) bool {
	for _, start := range celErrors {
		if strings.HasPrefix(message, start) {
			return true
		}
	}
	return strings.HasPrefix(message, clienterrors.ErrAutoreject.Error()) || regoError.MatchString(message)
}

// webhookSubresources are the sub-resources that the webhook is registered for besides every resource itself
// (the marker above validationHandler in pkg/webhook/policy.go, which the chart repeats).
var webhookSubresources = map[string]bool{
	"pods/ephemeralcontainers": true, "pods/exec": true, "pods/log": true, "pods/eviction": true,
	"pods/portforward": true, "pods/proxy": true, "pods/attach": true, "pods/binding": true, "pods/resize": true,
	"deployments/scale": true, "replicasets/scale": true, "statefulsets/scale": true,
	"replicationcontrollers/scale": true, "services/proxy": true, "nodes/proxy": true, "services/status": true,
}

// webhookCalls says whether the API server would call Gatekeeper as it is installed.
func webhookCalls(request *admissionv1.AdmissionRequest) bool {
	if request.Operation != admissionv1.Create && request.Operation != admissionv1.Update {
		return false
	}
	return request.SubResource == "" || webhookSubresources[request.Resource.Resource+"/"+request.SubResource]
}
