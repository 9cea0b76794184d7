package engines

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"registry-policy.dev/host/customresource"
)

// Manifest is one YAML document, already strict about duplicate keys.
type Manifest struct {
	// Place is the file's name, and the document's number where the file holds several.
	Place      string
	APIVersion string
	Kind       string
	Name       string
	// Namespace is what was written: kinds of the whole cluster have none, and the JSON has none either.
	Namespace string
	JSON      []byte
}

// maxDocuments bounds what one load may hold; nothing that is emitted comes near it.
const maxDocuments = 10_000

// ReadManifests splits the files into documents and reads what each is. An empty document is an error: an engine
// would skip it in silence, and with it the policy that a user thinks is there.
func ReadManifests(files []File) ([]Manifest, error) {
	var manifests []Manifest
	for _, file := range files {
		documents := splitDocuments(file.Text)
		for number, text := range documents {
			place := file.Name
			if len(documents) > 1 {
				place = fmt.Sprintf("%s, document %d", file.Name, number+1)
			}
			manifest, err := readManifest(place, text)
			if err != nil {
				return nil, err
			}
			manifests = append(manifests, manifest)
			if len(manifests) > maxDocuments {
				return nil, fmt.Errorf("more than %d documents", maxDocuments)
			}
		}
	}
	if len(manifests) == 0 {
		return nil, errors.New("there is no policy: no file was given")
	}
	return manifests, nil
}

func readManifest(place, text string) (Manifest, error) {
	converted, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", place, err)
	}
	if bytes.Equal(bytes.TrimSpace(converted), []byte("null")) {
		return Manifest{}, fmt.Errorf("%s: the document is empty", place)
	}
	var head struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
	}
	if err := json.UnmarshalCaseSensitivePreserveInts(converted, &head); err != nil {
		return Manifest{}, fmt.Errorf("%s: not a Kubernetes object: %w", place, err)
	}
	if head.APIVersion == "" || head.Kind == "" || head.Name == "" {
		return Manifest{}, fmt.Errorf("%s: not a Kubernetes object: apiVersion, kind and metadata.name are needed", place)
	}
	// Every policy is of the whole cluster: the API server takes a namespace away
	// (EnsureObjectNamespaceMatchesRequestNamespace of pkg/registry/rest).
	namespace := head.Namespace
	if namespace != "" {
		head.Namespace = ""
		if converted, err = withoutNamespace(converted); err != nil {
			return Manifest{}, fmt.Errorf("%s: %w", place, err)
		}
	}
	if errs := validation.ValidateObjectMeta(&head.ObjectMeta, false, validation.NameIsDNSSubdomain, field.NewPath("metadata")); len(errs) > 0 {
		return Manifest{}, fmt.Errorf("%s: %w", place, errs.ToAggregate())
	}
	return Manifest{Place: place, APIVersion: head.APIVersion, Kind: head.Kind, Name: head.Name, Namespace: namespace, JSON: converted}, nil
}

func withoutNamespace(manifest []byte) ([]byte, error) {
	var object map[string]any
	if err := json.UnmarshalCaseSensitivePreserveInts(manifest, &object); err != nil {
		return nil, err
	}
	unstructured.RemoveNestedField(object, "metadata", "namespace")
	return stdjson.Marshal(object)
}

// Decode reads the manifest into a typed object as the API server does with `fieldValidation=Strict`: an unknown or
// a doubled field is an error, and names are case-sensitive.
func (m Manifest) Decode(into any) error {
	strict, err := json.UnmarshalStrict(m.JSON, into)
	if err != nil {
		return err
	}
	return errors.Join(strict...)
}

// DecodeAdmitted is Decode for a custom resource, after the API server has checked it against its schema and has filled
// in the defaults.
func (m Manifest) DecodeAdmitted(schema *customresource.Schema, into any) error {
	admitted, err := schema.Admit(m.JSON)
	if err != nil {
		return err
	}
	m.JSON = admitted
	return m.Decode(into)
}

// splitDocuments cuts at the lines that start with `---`, which no content of a block mapping can be. Comments before
// the first such line are no document of their own.
func splitDocuments(text string) []string {
	var documents []string
	var current strings.Builder
	onlyComments := true
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		if rest, found := strings.CutPrefix(line, "---"); found && (rest == "" || strings.ContainsRune(" \t\r\n", rune(rest[0]))) {
			if !onlyComments {
				documents = append(documents, current.String())
			}
			current.Reset()
			current.WriteString(rest)
			onlyComments = false
			continue
		}
		if content := strings.TrimSpace(line); content != "" && !strings.HasPrefix(content, "#") {
			onlyComments = false
		}
		current.WriteString(line)
	}
	return append(documents, current.String())
}
