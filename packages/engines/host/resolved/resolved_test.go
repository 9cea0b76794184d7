// Package resolved checks what Go's module resolution made of the engines' requirements. It imports nothing, so that
// the check costs no build.
package resolved

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// engines are the modules that the host embeds, at the versions of go.mod.
var engines = []string{
	"github.com/kyverno/kyverno",
	"github.com/open-policy-agent/gatekeeper/v3",
	"github.com/open-policy-agent/opa",
}

// decisive are the modules in which an engine's verdicts are made.
var decisive = []string{
	"github.com/distribution/reference",
	"github.com/gobwas/glob",
	"github.com/google/cel-go",
	"github.com/kyverno/api",
	"github.com/kyverno/go-jmespath",
	"github.com/kyverno/sdk",
	"github.com/open-policy-agent/frameworks/constraint",
	"github.com/open-policy-agent/opa",
	"k8s.io/api",
	"k8s.io/apiextensions-apiserver",
	"k8s.io/apimachinery",
	"k8s.io/apiserver",
	"k8s.io/client-go",
	"sigs.k8s.io/yaml",
}

// overruled are the requirements of an engine that another engine's higher one wins over, each with why that is
// harmless. A binary has one version of each module.
var overruled = map[string]string{
	// Gatekeeper v3.23.1 was made with Kubernetes v0.36.2 and Kyverno v1.19.1 with v0.36.3: one patch release.
	"github.com/open-policy-agent/gatekeeper/v3 k8s.io/api":                     "v0.36.2",
	"github.com/open-policy-agent/gatekeeper/v3 k8s.io/apiextensions-apiserver": "v0.36.2",
	"github.com/open-policy-agent/gatekeeper/v3 k8s.io/apimachinery":            "v0.36.2",
	"github.com/open-policy-agent/gatekeeper/v3 k8s.io/apiserver":               "v0.36.2",
	"github.com/open-policy-agent/gatekeeper/v3 k8s.io/client-go":               "v0.36.2",
}

func TestEveryEngineRunsOnTheVersionsThatItsOwnGoModAsksFor(t *testing.T) {
	selected := map[string]string{}
	for line := range strings.Lines(output(t, "go", append([]string{"list", "-m", "-f", "{{.Path}} {{.Version}}"}, slices.Concat(engines, decisive)...)...)) {
		path, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		selected[path] = version
	}
	compared := map[string]bool{}
	for line := range strings.Lines(output(t, "go", "mod", "graph")) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), " ")
		path, version, _ := strings.Cut(to, "@")
		for _, engine := range engines {
			if from != engine+"@"+selected[engine] || !slices.Contains(decisive, path) {
				continue
			}
			compared[path] = true
			if selected[path] != version && overruled[engine+" "+path] != version {
				t.Errorf("%s asks for %s %s, and %s was resolved", engine, path, version, selected[path])
			}
		}
	}
	for _, path := range decisive {
		if !compared[path] {
			t.Errorf("no engine asks for %s any more: take it off the list", path)
		}
	}
}

func output(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	text, err := exec.Command(name, arguments...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(text)
}
