// Package engines says what an embedded policy engine is to the host: something that loads the files a user would
// apply, refusing what the engine's own admission webhook would refuse, and then judges admission requests.
//
// Each engine is a folder beside this file with the same two files in it: load.go and judge.go.
package engines

import (
	"context"
	"maps"

	admissionv1 "k8s.io/api/admission/v1"
)

// File is one file of a policy, as a user would hand it to the engine.
type File struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Load reads, validates and compiles a policy. The strings are the engine's own warnings.
type Load func(files []File) (Policy, []string, error)

// Policy is a loaded policy. Judge is called by several goroutines at once.
type Policy interface {
	Judge(ctx context.Context, review Review) Verdict
}

// Review is an admission request together with what is known about its namespace.
type Review struct {
	Request admissionv1.AdmissionRequest
	// NamespaceLabels are the labels of the request's namespace; nil means that they are not known.
	NamespaceLabels map[string]string
}

// DeepCopy returns a review that shares nothing with this one.
func (r Review) DeepCopy() Review {
	return Review{Request: *r.Request.DeepCopy(), NamespaceLabels: maps.Clone(r.NamespaceLabels)}
}
