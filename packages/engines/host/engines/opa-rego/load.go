// Package oparego judges with OPA itself, in Go: the Rego and the data that the bundle is made of, as an OPA with
// kube-mgmt or behind a webhook loads them.
package oparego

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"

	"registry-policy.dev/host/engines"
)

// ID is the name of this engine.
const ID = "opa-rego"

const (
	denyRule     = "data.kubernetes.admission.deny"
	decisionRule = "data.kubernetes.admission.decision"
)

// Load compiles the `.rego` files with the one `.json` file, if there is one, as the data. A file `.entrypoint` says
// that the Rego is not ours, and which rule is asked for.
func Load(files []engines.File) (engines.Policy, []string, error) {
	texts := map[string]string{}
	var data map[string]any
	entrypoint := ""
	for _, file := range files {
		switch path.Ext(file.Name) {
		case ".rego":
			if _, twice := texts[file.Name]; twice {
				return nil, nil, fmt.Errorf("%s: the file is given twice", file.Name)
			}
			if strings.TrimSpace(file.Text) == "" {
				return nil, nil, fmt.Errorf("%s: the file is empty", file.Name)
			}
			texts[file.Name] = file.Text
		case ".json":
			if data != nil {
				return nil, nil, fmt.Errorf("%s: a second file of data", file.Name)
			}
			if err := util.UnmarshalJSON([]byte(file.Text), &data); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", file.Name, err)
			}
			if data == nil {
				return nil, nil, fmt.Errorf("%s: the data is `null`, and must be an object", file.Name)
			}
		case ".entrypoint":
			if entrypoint != "" {
				return nil, nil, fmt.Errorf("%s: a second entrypoint", file.Name)
			}
			entrypoint = file.Text
		default:
			return nil, nil, fmt.Errorf("%s: neither Rego (.rego) nor data (.json)", file.Name)
		}
	}
	if len(texts) == 0 {
		return nil, nil, errors.New("there is no policy: no `.rego` file was given")
	}
	if data == nil {
		data = map[string]any{}
	}
	if entrypoint != "" {
		return loadWritten(texts, data, entrypoint)
	}
	modules := map[string]*ast.Module{}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		module, err := ast.ParseModule(name, texts[name])
		if err != nil {
			return nil, nil, err
		}
		modules[name] = module
	}
	compiler := ast.NewCompiler().WithStrict(true)
	if compiler.Compile(modules); compiler.Failed() {
		return nil, nil, compiler.Errors
	}
	store := inmem.NewFromObject(data)
	prepare := func(query string) (*rego.PreparedEvalQuery, error) {
		if len(compiler.GetRules(ast.MustParseRef(query))) == 0 {
			return nil, nil
		}
		prepared, err := rego.New(
			rego.Compiler(compiler),
			rego.Store(store),
			rego.Query(query),
			// OPA's server goes on where a built-in fails and takes the rule for undefined, which reads as "no
			// violation". Nothing was decided, so it is an error here.
			rego.StrictBuiltinErrors(true),
		).PrepareForEval(context.Background())
		return &prepared, err
	}
	deny, err := prepare(denyRule)
	if err != nil {
		return nil, nil, err
	}
	if deny == nil {
		return nil, nil, errors.New("no file has the rule `deny` in the package `kubernetes.admission`")
	}
	decision, err := prepare(decisionRule)
	if err != nil {
		return nil, nil, err
	}
	return &policy{deny: deny, decision: decision}, nil, nil
}
