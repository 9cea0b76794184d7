package engines

import (
	"reflect"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

func TestWhatAnEngineWritesToItsReviewIsInNoOther(t *testing.T) {
	review := func() Review {
		return Review{
			Request: admissionv1.AdmissionRequest{
				Object: runtime.RawExtension{Raw: []byte(`{"kind":"Pod"}`)},
			},
			NamespaceLabels: map[string]string{"zone": "payments"},
		}
	}
	sent := review()
	own := sent.DeepCopy()
	if !reflect.DeepEqual(own, sent) {
		t.Fatalf("the copy is another review: %v", own)
	}
	own.Request.Object.Raw[0] = 'x'
	own.Request.Name = "x"
	own.NamespaceLabels["zone"] = "x"
	if !reflect.DeepEqual(sent, review()) {
		t.Errorf("what was sent has become %v", sent)
	}
	if unknown := (Review{}).DeepCopy().NamespaceLabels; unknown != nil {
		t.Errorf("labels that are not known have become %v", unknown)
	}
}
