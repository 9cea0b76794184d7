package engines

import (
	"strings"
	"testing"
)

const one = "apiVersion: v1\nkind: A\nmetadata: {name: a}\n"

func TestDocumentsAreToldApart(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		count int
	}{
		"one":                            {one, 1},
		"one after a marker":             {"---\n" + one, 1},
		"one after comments":             {"# a comment\n\n---\n" + one, 1},
		"one after a byte order mark":    {"\ufeff" + one, 1},
		"two":                            {one + "---\n" + one, 2},
		"two with carriage returns":      {strings.ReplaceAll(one+"---\n"+one, "\n", "\r\n"), 2},
		"a marker in a block scalar":     {one + "text: |\n  a\n  ---\n  b\n", 1},
		"a marker with a comment":        {one + "--- # next\n" + one, 2},
		"a word that starts with dashes": {one + "---a: b\n", 1},
	} {
		manifests, err := ReadManifests([]File{{Name: "x.yaml", Text: test.text}})
		if err != nil || len(manifests) != test.count {
			t.Errorf("%s: %d documents, %v", name, len(manifests), err)
		}
	}
}

func TestTheNamespaceOfWhatHasNoneIsTakenAway(t *testing.T) {
	text := strings.Replace(one, "name: a", "name: a, namespace: b", 1)
	manifests, err := ReadManifests([]File{{Name: "x.yaml", Text: text}})
	if err != nil || len(manifests) != 1 || manifests[0].Namespace != "b" || strings.Contains(string(manifests[0].JSON), "namespace") {
		t.Errorf("%v, %v", manifests, err)
	}
}

func TestWhatIsNoManifestIsRefused(t *testing.T) {
	for text, expected := range map[string]string{
		"":                   "x.yaml: the document is empty",
		"# only a comment\n": "x.yaml: the document is empty",
		one + "---\n":        "x.yaml, document 2: the document is empty",
		"---\n---\n" + one:   "x.yaml, document 1: the document is empty",
		"null\n":             "x.yaml: the document is empty",
		"[]\n":               "x.yaml: not a Kubernetes object",
		"a: b\n":             "x.yaml: not a Kubernetes object",
		one + "kind: B\n":    `x.yaml: yaml: unmarshal errors`,
		"a: &a [*a]\n":       "x.yaml: ",
		strings.Replace(one, "name: a", "name: A_b", 1):                 "x.yaml: metadata.name",
		strings.Replace(one, "name: a", "name: a, labels: {a: '!'}", 1): "x.yaml: metadata.labels",
	} {
		if _, err := ReadManifests([]File{{Name: "x.yaml", Text: text}}); err == nil || !strings.HasPrefix(err.Error(), expected) {
			t.Errorf("%q is refused with %v, and should be with %s", text, err, expected)
		}
	}
	if _, err := ReadManifests(nil); err == nil {
		t.Error("no file at all is not refused")
	}
}
