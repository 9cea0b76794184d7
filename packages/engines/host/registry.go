package main

import (
	"registry-policy.dev/host/engines"
	"registry-policy.dev/host/engines/gatekeeper"
	gatekeepercel "registry-policy.dev/host/engines/gatekeeper-cel"
	kyvernoclusterpolicy "registry-policy.dev/host/engines/kyverno-cluster-policy"
	kyvernovalidatingpolicy "registry-policy.dev/host/engines/kyverno-validating-policy"
	oparego "registry-policy.dev/host/engines/opa-rego"
	validatingadmissionpolicy "registry-policy.dev/host/engines/validating-admission-policy"
)

// registry holds every engine by its name on the protocol. src/engines.ts is its other half.
var registry = map[string]engines.Load{
	kyvernoclusterpolicy.ID:      kyvernoclusterpolicy.Load,
	kyvernovalidatingpolicy.ID:   kyvernovalidatingpolicy.Load,
	gatekeeper.ID:                gatekeeper.Load,
	gatekeepercel.ID:             gatekeepercel.Load,
	validatingadmissionpolicy.ID: validatingadmissionpolicy.Load,
	oparego.ID:                   oparego.Load,
}
