package validatingadmissionpolicy

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authorization/authorizer"
)

// record is what one policy said about one request. The dispatcher gives back an error alone, which does not tell a
// violation from a failure.
type record struct {
	results []validating.ValidateResult
	warned  bool
}

type recordKey struct{}

// AddWarning implements warning.Recorder.
func (r *record) AddWarning(string, string) {
	r.warned = true
}

// recordingValidator is a validator that writes its results into the record of the context.
type recordingValidator struct {
	validating.Validator
}

// Validate implements validating.Validator.
func (v recordingValidator) Validate(
	ctx context.Context,
	resource schema.GroupVersionResource,
	attributes *admission.VersionedAttributes,
	params runtime.Object,
	namespace *corev1.Namespace,
	costBudget int64,
	authz authorizer.Authorizer,
) validating.ValidateResult {
	result := v.Validator.Validate(ctx, resource, attributes, params, namespace, costBudget, authz)
	if record, isRecorded := ctx.Value(recordKey{}).(*record); isRecorded {
		record.results = append(record.results, result)
	}
	return result
}
