package validatingadmissionpolicy

import (
	"context"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/generic"
	"k8s.io/apiserver/pkg/admission/plugin/policy/matching"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/warning"
	corev1listers "k8s.io/client-go/listers/core/v1"

	"registry-policy.dev/host/engines"
)

type policy struct {
	hooks []validating.PolicyHook
}

// objectInterfaces convert nothing: an object is sent in the version that the policies are about. The API server would
// convert between versions of a built-in resource, of which each has one.
var objectInterfaces = admission.NewObjectInterfacesFromScheme(runtime.NewScheme())

// nobodyIsAuthorized answers the `authorizer` of an expression: who may do what is in a cluster, and here is none.
var nobodyIsAuthorized = authorizer.AuthorizerFunc(func(context.Context, authorizer.Attributes) (authorizer.Decision, string, error) {
	return authorizer.DecisionNoOpinion, "there is no cluster to ask", nil
})

// Judge runs the admission plugin's dispatcher, one policy at a time so that each has a verdict of its own.
func (p *policy) Judge(ctx context.Context, review engines.Review) engines.Verdict {
	attributes, err := attributesOf(review)
	if err != nil {
		return engines.Failed("%v", err)
	}
	// The client is asked only for namespaces that the lister does not have, which this lister does not say.
	matcher := generic.NewPolicyMatcher(matching.NewMatcher(certainLister{engines.NewNamespaceLister(review)}, nil))
	dispatcher := validating.NewDispatcher(nobodyIsAuthorized, matcher)
	verdict := engines.NewVerdict()
	for _, hook := range p.hooks {
		record := &record{}
		recorded := context.WithValue(warning.WithWarningRecorder(ctx, record), recordKey{}, record)
		err := dispatcher.Dispatch(recorded, attributes, objectInterfaces, []validating.PolicyHook{hook})
		record.collect(&verdict, err)
	}
	return verdict
}

// collect reads what became of one policy.
func (r *record) collect(verdict *engines.Verdict, refusal error) {
	violated, failed := false, false
	for _, result := range r.results {
		for _, decision := range result.Decisions {
			switch {
			case decision.Evaluation == validating.EvalError:
				// Whatever the failure policy makes of it, nothing was decided.
				failed = true
				verdict.Say(decision.Message)
				verdict.Fail(decision.Message)
			case decision.Action == validating.ActionDeny:
				violated = true
				verdict.Say(decision.Message)
				verdict.Name(engines.ImagesInMessage(decision.Message)...)
			default:
				verdict.Raise(engines.Allow)
			}
		}
	}
	switch {
	case failed:
	case refusal != nil && !violated:
		// The policy could not be matched, or could not be run at all.
		verdict.Fail(refusal.Error())
	case refusal != nil:
		verdict.Raise(engines.Deny)
	case violated && r.warned:
		verdict.Raise(engines.Warn)
	case violated:
		verdict.Raise(engines.Audit)
	}
}

func attributesOf(review engines.Review) (admission.Attributes, error) {
	request := review.Request
	object, err := decode(request.Object)
	if err != nil {
		return nil, err
	}
	oldObject, err := decode(request.OldObject)
	if err != nil {
		return nil, err
	}
	dryRun := request.DryRun != nil && *request.DryRun
	return admission.NewAttributesRecord(
		object,
		oldObject,
		schema.GroupVersionKind(request.Kind),
		request.Namespace,
		request.Name,
		schema.GroupVersionResource(request.Resource),
		request.SubResource,
		admission.Operation(request.Operation),
		nil,
		dryRun,
		userOf(request.UserInfo),
	), nil
}

// decode returns a true nil for no object, which an expression sees as null.
func decode(raw runtime.RawExtension) (runtime.Object, error) {
	if len(raw.Raw) == 0 {
		return nil, nil
	}
	object := &unstructured.Unstructured{}
	return object, object.UnmarshalJSON(raw.Raw)
}

func userOf(info authenticationv1.UserInfo) user.Info {
	extra := map[string][]string{}
	for key, values := range info.Extra {
		extra[key] = values
	}
	return &user.DefaultInfo{Name: info.Username, UID: info.UID, Groups: info.Groups, Extra: extra}
}

// certainLister never says that a namespace is not found, upon which the matcher would ask the API server.
type certainLister struct {
	engines.NamespaceLister
}

// Get implements corev1listers.NamespaceLister.
func (l certainLister) Get(name string) (*corev1.Namespace, error) {
	if namespace := l.Known(); namespace != nil && namespace.Name == name {
		return namespace, nil
	}
	return nil, &unknownNamespace{name}
}

// List implements corev1listers.NamespaceLister.
func (l certainLister) List(selector labels.Selector) ([]*corev1.Namespace, error) {
	return l.NamespaceLister.List(selector)
}

var _ corev1listers.NamespaceLister = certainLister{}

type unknownNamespace struct {
	name string
}

func (e *unknownNamespace) Error() string {
	return "the labels of the namespace `" + e.name + "` are not known"
}
