// Package gatekeeper judges with Gatekeeper: the constraint framework's client with Gatekeeper's target and drivers,
// asked as its validating webhook asks it.
package gatekeeper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/open-policy-agent/frameworks/constraint/pkg/apis"
	templatesv1 "github.com/open-policy-agent/frameworks/constraint/pkg/apis/templates/v1"
	templatesv1alpha1 "github.com/open-policy-agent/frameworks/constraint/pkg/apis/templates/v1alpha1"
	templatesv1beta1 "github.com/open-policy-agent/frameworks/constraint/pkg/apis/templates/v1beta1"
	constraintclient "github.com/open-policy-agent/frameworks/constraint/pkg/client"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/drivers/rego"
	regoschema "github.com/open-policy-agent/frameworks/constraint/pkg/client/drivers/rego/schema"
	"github.com/open-policy-agent/frameworks/constraint/pkg/core/templates"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/drivers/k8scel"
	celschema "github.com/open-policy-agent/gatekeeper/v3/pkg/drivers/k8scel/schema"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/util"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	k8sjson "sigs.k8s.io/json"

	"registry-policy.dev/host/customresource"
	"registry-policy.dev/host/engines"
)

// ID is the name of the compiler's target and of this engine.
const ID = "gatekeeper"

// maxNameLength is what the webhook takes (validateGatekeeperResources of pkg/webhook).
const maxNameLength = 63

// templateVersions are those that the CustomResourceDefinition of Gatekeeper's chart serves. They have the same fields,
// and their defaults differ: v1beta1 and v1alpha1 take any parameters where a schema says nothing of them.
var templateVersions = map[string]func() runtime.Object{
	"templates.gatekeeper.sh/v1":       func() runtime.Object { return &templatesv1.ConstraintTemplate{} },
	"templates.gatekeeper.sh/v1beta1":  func() runtime.Object { return &templatesv1beta1.ConstraintTemplate{} },
	"templates.gatekeeper.sh/v1alpha1": func() runtime.Object { return &templatesv1alpha1.ConstraintTemplate{} },
}

// constraintVersions are those that the CustomResourceDefinition of a template serves, without a difference.
var constraintVersions = []string{"constraints.gatekeeper.sh/v1beta1", "constraints.gatekeeper.sh/v1alpha1"}

// Load reads ConstraintTemplates whose code is Rego, and their constraints.
func Load(files []engines.File) (engines.Policy, []string, error) {
	return LoadLanguage(files, regoschema.Name)
}

// LoadLanguage reads ConstraintTemplates whose code is in one of the two languages, and their constraints.
func LoadLanguage(files []engines.File, language string) (engines.Policy, []string, error) {
	manifests, err := engines.ReadManifests(files)
	if err != nil {
		return nil, nil, err
	}
	client, err := newClient()
	if err != nil {
		return nil, nil, err
	}
	templateOf := map[string]*apiextensions.CustomResourceDefinition{}
	var constraints []engines.Manifest
	for _, manifest := range manifests {
		if len(manifest.Name) > maxNameLength {
			return nil, nil, fmt.Errorf("%s: the name `%s` is longer than %d characters", manifest.Place, manifest.Name, maxNameLength)
		}
		switch {
		case templateVersions[manifest.APIVersion] != nil && manifest.Kind == "ConstraintTemplate":
			crd, err := addTemplate(client, manifest, language)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", manifest.Place, err)
			}
			if templateOf[crd.Spec.Names.Kind] != nil {
				return nil, nil, fmt.Errorf("%s: a second template for the kind `%s`", manifest.Place, crd.Spec.Names.Kind)
			}
			templateOf[crd.Spec.Names.Kind] = crd
		case slices.Contains(constraintVersions, manifest.APIVersion):
			constraints = append(constraints, manifest)
		default:
			return nil, nil, fmt.Errorf("%s: `%s` of `%s` is neither a ConstraintTemplate of `templates.gatekeeper.sh/v1` nor a constraint of `%s`", manifest.Place, manifest.Kind, manifest.APIVersion, constraintVersions[0])
		}
	}
	unused := maps.Clone(templateOf)
	seen := map[string]bool{}
	for _, manifest := range constraints {
		crd := templateOf[manifest.Kind]
		if crd == nil {
			return nil, nil, fmt.Errorf("%s: there is no template for the kind `%s`", manifest.Place, manifest.Kind)
		}
		if seen[manifest.Kind+"/"+manifest.Name] {
			return nil, nil, fmt.Errorf("%s: a second `%s` named `%s`", manifest.Place, manifest.Kind, manifest.Name)
		}
		seen[manifest.Kind+"/"+manifest.Name] = true
		if err := addConstraint(client, manifest, crd); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", manifest.Place, err)
		}
		delete(unused, manifest.Kind)
	}
	for kind := range unused {
		return nil, nil, fmt.Errorf("the template for the kind `%s` has no constraint, so that it enforces nothing", kind)
	}
	return &policy{client: client}, nil, nil
}

// newClient is the client as Gatekeeper's main.go makes it, with the flags of its Helm chart: both drivers, CEL
// first, and `http.send` off.
func newClient() (*constraintclient.Client, error) {
	cel, err := k8scel.New()
	if err != nil {
		return nil, err
	}
	regoDriver, err := rego.New(rego.DisableBuiltins("http.send"), rego.Externs("inventory"))
	if err != nil {
		return nil, err
	}
	return constraintclient.NewClient(
		constraintclient.Targets(&target.K8sValidationTarget{}),
		constraintclient.Driver(cel),
		constraintclient.Driver(regoDriver),
		constraintclient.EnforcementPoints(util.AuditEnforcementPoint, util.WebhookEnforcementPoint),
	)
}

var newScheme = sync.OnceValues(func() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	return scheme, apis.AddToScheme(scheme)
})

// addTemplate does what the webhook does with a template (validateTemplate of pkg/webhook) and then the controller.
func addTemplate(client *constraintclient.Client, manifest engines.Manifest, language string) (*apiextensions.CustomResourceDefinition, error) {
	versioned := templateVersions[manifest.APIVersion]()
	if err := manifest.Decode(versioned); err != nil {
		return nil, err
	}
	scheme, err := newScheme()
	if err != nil {
		return nil, err
	}
	scheme.Default(versioned)
	template := &templates.ConstraintTemplate{}
	if err := scheme.Convert(versioned, template, nil); err != nil {
		return nil, err
	}
	for _, target := range template.Spec.Targets {
		if len(target.Operations) > 1 && slices.Contains(target.Operations, "*") {
			return nil, errors.New("if '*' is present, must not specify other operations")
		}
		// Of a template that has both languages Gatekeeper runs the CEL alone, so that the Rego is judged by nobody.
		isRun := slices.ContainsFunc(target.Code, func(code templates.Code) bool { return code.Engine == language })
		for _, code := range target.Code {
			if code.Engine != language && (!isRun || code.Engine != regoschema.Name) {
				return nil, fmt.Errorf("the template has code for `%s`, where this engine runs `%s` alone", code.Engine, language)
			}
			if err := checkSource(code); err != nil {
				return nil, err
			}
		}
	}
	crd, err := client.CreateCRD(context.Background(), template)
	if err != nil {
		return nil, err
	}
	if _, err := client.AddTemplate(context.Background(), template); err != nil {
		return nil, err
	}
	return crd, nil
}

// checkSource refuses an unknown field in the code, which no schema covers and Gatekeeper leaves out in silence:
// `matchConditions`, where it reads `matchCondition`, makes a policy for everyone of one for some.
func checkSource(code templates.Code) error {
	if code.Source == nil {
		return nil
	}
	text, err := json.Marshal(code.Source.Value)
	if err != nil {
		return err
	}
	var source any = &regoschema.Source{}
	if code.Engine == celschema.Name {
		source = &celschema.Source{}
	}
	unknown, err := k8sjson.UnmarshalStrict(text, source)
	if err := errors.Join(append(unknown, err)...); err != nil {
		return fmt.Errorf("the source for `%s`: %w", code.Engine, err)
	}
	return nil
}

// addConstraint does what the API server does with a constraint (unknown fields, `fieldValidation=Strict`), then the
// webhook (validateConstraint of pkg/webhook), then the controller.
func addConstraint(client *constraintclient.Client, manifest engines.Manifest, crd *apiextensions.CustomResourceDefinition) error {
	constraint := &unstructured.Unstructured{}
	if err := constraint.UnmarshalJSON(manifest.JSON); err != nil {
		return err
	}
	schema, err := customresource.New(crd.Spec.Validation.OpenAPIV3Schema)
	if err != nil {
		return err
	}
	if _, err := schema.Admit(manifest.JSON); err != nil {
		return err
	}
	if err := client.ValidateConstraint(constraint); err != nil {
		return err
	}
	action, found, err := unstructured.NestedString(constraint.Object, "spec", "enforcementAction")
	if err != nil {
		return err
	}
	if found && action != "" {
		if err := util.ValidateEnforcementAction(util.EnforcementAction(action), constraint.Object); err != nil {
			return err
		}
	}
	_, err = client.AddConstraint(context.Background(), constraint)
	return err
}
