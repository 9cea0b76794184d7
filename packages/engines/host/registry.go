package main

import (
	"registry-policy.dev/host/engines"
	"registry-policy.dev/host/engines/gatekeeper"
	kyvernoclusterpolicy "registry-policy.dev/host/engines/kyverno-cluster-policy"
	oparego "registry-policy.dev/host/engines/opa-rego"
)

// registry holds every engine by its name on the protocol. src/engines.ts is its other half.
var registry = map[string]engines.Load{
	kyvernoclusterpolicy.ID: kyvernoclusterpolicy.Load,
	gatekeeper.ID:           gatekeeper.Load,
	oparego.ID:              oparego.Load,
}
