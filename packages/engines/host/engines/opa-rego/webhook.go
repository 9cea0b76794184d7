package oparego

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"registry-policy.dev/host/engines"
)

// written is Rego that somebody wrote for OPA's server, which is asked for one rule. It is judged as that server does
// it: Rego of version 1, or of version 0 where it is not that, and a built-in that fails makes its rule undefined.
type written struct {
	query *rego.PreparedEvalQuery
	// name is the rule's own name, the last part of the entrypoint.
	name string
}

// loadWritten compiles texts by their names, with one entrypoint: `kubernetes/admission/deny`, or the same with dots.
func loadWritten(texts map[string]string, data map[string]any, entrypoint string) (engines.Policy, []string, error) {
	path := strings.Split(strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(entrypoint), "data."), ".", "/"), "/")
	ref := ast.Ref{ast.DefaultRootDocument}
	for _, part := range path {
		if part == "" {
			return nil, nil, fmt.Errorf("the entrypoint `%s` is no path of a rule: write it as `kubernetes/admission/deny`", entrypoint)
		}
		ref = append(ref, ast.StringTerm(part))
	}
	compiler, err := compileAny(texts)
	if err != nil {
		return nil, nil, err
	}
	if len(compiler.GetRules(ref)) == 0 {
		return nil, nil, fmt.Errorf("no file has the rule `%s` that is the entrypoint", strings.Join(path, "/"))
	}
	prepared, err := rego.New(
		rego.Compiler(compiler),
		rego.Store(inmem.NewFromObject(data)),
		rego.ParsedQuery(ast.NewBody(ast.NewExpr(ast.NewTerm(ref)))),
	).PrepareForEval(context.Background())
	if err != nil {
		return nil, nil, err
	}
	return &written{query: &prepared, name: path[len(path)-1]}, nil, nil
}

// compileAny takes the texts for Rego of version 1, or of version 0 where they are not that. What is wrong with them is
// said of the version in which they are written, by their syntax.
func compileAny(texts map[string]string) (*ast.Compiler, error) {
	modules, err := parseWritten(texts, ast.RegoV1)
	if err == nil {
		compiler, err := compileWritten(modules, ast.RegoV1)
		if err == nil {
			return compiler, nil
		}
		if older, errOlder := parseWritten(texts, ast.RegoV0); errOlder == nil {
			if compiler, errOlder := compileWritten(older, ast.RegoV0); errOlder == nil {
				return compiler, nil
			}
		}
		return nil, err
	}
	older, errOlder := parseWritten(texts, ast.RegoV0)
	if errOlder != nil {
		return nil, err
	}
	return compileWritten(older, ast.RegoV0)
}

func parseWritten(texts map[string]string, version ast.RegoVersion) (map[string]*ast.Module, error) {
	modules := map[string]*ast.Module{}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		module, err := ast.ParseModuleWithOpts(name, texts[name], ast.ParserOptions{RegoVersion: version})
		if err != nil {
			return nil, err
		}
		modules[name] = module
	}
	return modules, nil
}

func compileWritten(modules map[string]*ast.Module, version ast.RegoVersion) (*ast.Compiler, error) {
	compiler := ast.NewCompiler().WithDefaultRegoVersion(version).WithCapabilities(offline())
	if compiler.Compile(modules); compiler.Failed() {
		return nil, compiler.Errors
	}
	return compiler, nil
}

// Judge reads what the rule says: a set or a list of violations; a boolean, true being an allow unless the rule is
// called otherwise; or an AdmissionReview with a response.
func (p *written) Judge(ctx context.Context, review engines.Review) engines.Verdict {
	input, err := inputOf(review)
	if err != nil {
		return engines.Failed("%v", err)
	}
	results, err := p.query.Eval(ctx, rego.EvalInput(input), rego.EvalSortSets(true))
	if err != nil {
		return engines.Failed("%v", err)
	}
	verdict := engines.NewVerdict()
	verdict.Raise(engines.Allow)
	if len(results) == 0 || len(results[0].Expressions) != 1 {
		if p.allows() {
			verdict.Raise(engines.Deny)
			verdict.Say(fmt.Sprintf("`%s` is undefined", p.name))
		}
		return verdict
	}
	switch value := results[0].Expressions[0].Value.(type) {
	case []any:
		if len(value) > 0 {
			verdict.Raise(engines.Deny)
			collect(&verdict, value)
		}
	case bool:
		if value != p.allows() {
			verdict.Raise(engines.Deny)
			verdict.Say(fmt.Sprintf("`%s` is %t", p.name, value))
		}
	case map[string]any:
		allowed, message, err := responseOf(value)
		if err != nil {
			return engines.Failed("`%s`: %v", p.name, err)
		}
		if !allowed {
			verdict.Raise(engines.Deny)
			verdict.Say(message)
		}
	default:
		return engines.Failed("`%s` is neither a set of violations, a boolean nor an AdmissionReview: `%v`", p.name, value)
	}
	return verdict
}

// allows says whether the rule's being true lets the request through.
func (p *written) allows() bool {
	return strings.HasPrefix(p.name, "allow")
}

// responseOf reads an AdmissionReview, or its response alone.
func responseOf(value map[string]any) (bool, string, error) {
	if inner, isObject := value["response"].(map[string]any); isObject {
		value = inner
	}
	allowed, isBool := value["allowed"].(bool)
	if !isBool {
		return false, "", errors.New("an object without `response.allowed`")
	}
	status, _ := value["status"].(map[string]any)
	for _, key := range []string{"message", "reason"} {
		if message, isString := status[key].(string); isString {
			return allowed, message, nil
		}
	}
	return allowed, "", nil
}

// offline is what OPA can do but for asking the network: whoever compares a policy does not mean it to be asked.
func offline() *ast.Capabilities {
	capabilities := ast.CapabilitiesForThisVersion()
	capabilities.Builtins = slices.DeleteFunc(capabilities.Builtins, func(builtin *ast.Builtin) bool {
		return builtin.Name == ast.HTTPSend.Name || builtin.Name == ast.NetLookupIPAddr.Name
	})
	return capabilities
}
