package main

import (
	"encoding/json"
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"

	"registry-policy.dev/host/engines"
	"registry-policy.dev/host/references"
)

// The protocol between the host and its client: JSON, one message a line, on standard input and output. The other
// half is src/stdio-protocol.ts; a change to either is a change to both, and to protocolVersion.
//
// The host first writes a hello. The client then writes requests, which are answered in any order.
const protocolVersion = 2

const (
	// maxLineBytes bounds one request. A batch of the client is far smaller; see src/stdio-protocol.ts.
	maxLineBytes = 64 << 20
	// maxBatch bounds the reviews, and the references, of one request, and how many of the reviews one policy judges.
	maxBatch = 10_000
	// maxJudging bounds the policies that judge the reviews of one request.
	maxJudging = 64
	// maxPolicies bounds what is loaded at one time.
	maxPolicies = 10_000
	// maxRequests bounds the requests that are being answered at one time; the next one is not read before.
	maxRequests = 64
)

type hello struct {
	Protocol int               `json:"protocol"`
	Host     string            `json:"host"`
	Engines  map[string]string `json:"engines"`
}

type request struct {
	ID     int64           `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

type response struct {
	ID     int64          `json:"id"`
	Result any            `json:"result,omitempty"`
	Error  *responseError `json:"error,omitempty"`
}

// responseError is a request that was not carried out. The codes: `bad-request`, `unknown-method`, `unknown-engine`,
// `unknown-handle`, `refused` (the engine refuses the policy), `too-large`, `crash`.
type responseError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func tooLarge(what string, number, limit int) *responseError {
	return &responseError{"too-large", fmt.Sprintf("%d %s, where %d is the limit", number, what, limit)}
}

type loadParams struct {
	Engine string         `json:"engine"`
	Files  []engines.File `json:"files"`
}

type loadResult struct {
	Handle   int64    `json:"handle"`
	Warnings []string `json:"warnings"`
}

type judgeParams struct {
	// Reviews stay text until each is judged, so that one that cannot be read is an error of that one alone.
	Reviews  []json.RawMessage `json:"reviews"`
	Policies []judgingPolicy   `json:"policies"`
}

// judgingPolicy is a policy that judges some of judgeParams.Reviews, or all: Reviews are their indices.
type judgingPolicy struct {
	Handle  int64 `json:"handle"`
	Reviews []int `json:"reviews"`
}

// review is one of judgeParams.Reviews. NamespaceLabels is null where the labels are not known.
type review struct {
	Request         *admissionv1.AdmissionRequest `json:"request"`
	NamespaceLabels map[string]string             `json:"namespaceLabels"`
}

// judgeResult has a list for each of judgeParams.Policies, with a verdict for each of its reviews.
type judgeResult struct {
	Verdicts [][]engines.Verdict `json:"verdicts"`
}

type unloadParams struct {
	Handle int64 `json:"handle"`
}

type parseReferencesParams struct {
	References []string `json:"references"`
}

type parseReferencesResult struct {
	References []references.Reference `json:"references"`
}
