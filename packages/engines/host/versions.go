package main

import (
	"fmt"
	"runtime/debug"
)

// version is that of the npm package that the binary is shipped with.
const version = "0.1.0"

// embedded are the modules whose resolved versions the first line of the protocol tells.
var embedded = map[string]string{
	"kyverno":                "github.com/kyverno/kyverno",
	"gatekeeper":             "github.com/open-policy-agent/gatekeeper/v3",
	"opa":                    "github.com/open-policy-agent/opa",
	"kubernetes":             "k8s.io/apiserver",
	"cel":                    "github.com/google/cel-go",
	"distribution-reference": "github.com/distribution/reference",
}

// embeddedVersions reads what the linker wrote down: what runs, not what was asked for.
func embeddedVersions() (map[string]string, error) {
	info, available := debug.ReadBuildInfo()
	if !available {
		return nil, fmt.Errorf("the binary was built without module information")
	}
	resolved := map[string]string{}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		resolved[module.Path] = module.Version
	}
	versions := map[string]string{}
	for name, path := range embedded {
		if resolved[path] == "" {
			return nil, fmt.Errorf("the binary does not say which version of %s it has", path)
		}
		versions[name] = resolved[path]
	}
	return versions, nil
}
