package main

import (
	"encoding/json"
	"errors"
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"

	"registry-policy.dev/host/engines"
)

// readReview reads one review as the API server would have sent it.
func readReview(text json.RawMessage) (engines.Review, error) {
	var sent review
	if err := json.Unmarshal(text, &sent); err != nil {
		return engines.Review{}, err
	}
	request := sent.Request
	if request == nil {
		return engines.Review{}, errors.New("there is no `request`")
	}
	switch request.Operation {
	case admissionv1.Create, admissionv1.Update, admissionv1.Delete, admissionv1.Connect:
	default:
		return engines.Review{}, fmt.Errorf("`%s` is no operation of an admission request", request.Operation)
	}
	if request.Kind.Kind == "" || request.Resource.Resource == "" {
		return engines.Review{}, errors.New("the request says no `kind` or no `resource`")
	}
	// The API server always says what was asked for before it converted the object to what a webhook matches.
	if request.RequestKind == nil {
		request.RequestKind = &request.Kind
	}
	if request.RequestResource == nil {
		request.RequestResource = &request.Resource
		request.RequestSubResource = request.SubResource
	}
	return engines.Review{Request: *request, NamespaceLabels: sent.NamespaceLabels}, nil
}
