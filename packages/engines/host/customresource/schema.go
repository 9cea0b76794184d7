// Package customresource does to a manifest what the API server does to a custom resource that is created, before any
// webhook sees it: unknown fields, defaults, and the schema of the CustomResourceDefinition.
package customresource

import (
	"encoding/json"
	"fmt"
	"io/fs"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	k8sjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// Schema is the schema of one version of a custom resource.
type Schema struct {
	structural *structuralschema.Structural
	validator  validation.SchemaValidator
}

// Read reads the schema of a version from a file with its CustomResourceDefinition.
func Read(files fs.FS, name, version string) (*Schema, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	var definition apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal(text, &definition); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, candidate := range definition.Spec.Versions {
		if candidate.Name != version {
			continue
		}
		internal := &apiextensions.JSONSchemaProps{}
		if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(candidate.Schema.OpenAPIV3Schema, internal, nil); err != nil {
			return nil, err
		}
		return New(internal)
	}
	return nil, fmt.Errorf("%s has no version %s", name, version)
}

// New takes the schema as it stands in a definition.
func New(schema *apiextensions.JSONSchemaProps) (*Schema, error) {
	structural, err := structuralschema.NewStructural(schema)
	if err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(schema)
	if err != nil {
		return nil, err
	}
	return &Schema{structural, validator}, nil
}

// Admit returns the object as the API server stores it, or why it refuses it (with `fieldValidation=Strict`).
func (s *Schema) Admit(manifest []byte) ([]byte, error) {
	var object map[string]any
	if err := k8sjson.UnmarshalCaseSensitivePreserveInts(manifest, &object); err != nil {
		return nil, err
	}
	options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	if unknown := pruning.PruneWithOptions(object, s.structural, true, options); len(unknown) > 0 {
		return nil, fmt.Errorf("unknown field `%s`", unknown[0])
	}
	defaulting.Default(object, s.structural)
	if errs := validation.ValidateCustomResource(nil, object, s.validator); len(errs) > 0 {
		return nil, errs.ToAggregate()
	}
	return json.Marshal(object)
}
