package wasm

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheNativeBuiltInsAreThoseOfOPAsWasmCompiler(t *testing.T) {
	listed, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/open-policy-agent/opa").Output()
	if err != nil {
		t.Fatal(err)
	}
	upstream, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(listed)), "internal/compiler/wasm/wasm.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(upstream), "var builtinsFunctions = map[string]string{")
	if !found {
		t.Fatal("OPA's table of built-in functions has moved")
	}
	table, _, _ = strings.Cut(table, "\n}")
	ours, err := os.ReadFile("native.go")
	if err != nil {
		t.Fatal(err)
	}
	expected := append(builtinsIn(table), "ast.Assign", "ast.Equality")
	slices.Sort(expected)
	if actual := builtinsIn(string(ours)); !slices.Equal(actual, expected) {
		t.Errorf("native is %v, and OPA has %v", actual, expected)
	}
}

func builtinsIn(source string) []string {
	names := regexp.MustCompile(`ast\.[A-Z]\w*`).FindAllString(source, -1)
	names = slices.DeleteFunc(names, func(name string) bool { return name == "ast.Builtin" })
	slices.Sort(names)
	return slices.Compact(names)
}
