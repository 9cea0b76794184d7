// Package gatekeepercel judges with Gatekeeper's K8sNativeValidation driver: the templates of the package gatekeeper
// with CEL in the place of Rego. Everything but the language is Gatekeeper's in the same way.
package gatekeepercel

import (
	celschema "github.com/open-policy-agent/gatekeeper/v3/pkg/drivers/k8scel/schema"

	"registry-policy.dev/host/engines"
	"registry-policy.dev/host/engines/gatekeeper"
)

// ID is the name of the compiler's target `gatekeeper` with its CEL code.
const ID = "gatekeeper-cel"

// Load reads ConstraintTemplates whose code is CEL, and their constraints.
func Load(files []engines.File) (engines.Policy, []string, error) {
	return gatekeeper.LoadLanguage(files, celschema.Name)
}
