// Package wasm compiles Rego to WebAssembly with OPA's own compiler.
package wasm

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/compile"
)

// Build compiles the Rego files into one policy.wasm with one entrypoint, and writes it whole or not at all.
func Build(entrypoint, out string, sources []string) error {
	if len(sources) == 0 {
		return errors.New("no Rego file was given")
	}
	// The names go into the wasm, for its error messages: without their folders, the same sources make the same wasm
	// wherever they are.
	files, names := fstest.MapFS{}, []string{}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		name := filepath.Base(source)
		if files[name] != nil {
			return fmt.Errorf("two files are named %s", name)
		}
		files[name] = &fstest.MapFile{Data: text}
		names = append(names, name)
	}
	bundle := new(bytes.Buffer)
	err := compile.New().
		WithTarget(compile.TargetWasm).
		WithCapabilities(nativeOnly()).
		WithEntrypoints(entrypoint).
		WithFS(files).
		WithPaths(names...).
		WithOutput(bundle).
		Build(context.Background())
	if err != nil {
		return err
	}
	policy, err := fileOf(bundle, "/policy.wasm")
	if err != nil {
		return err
	}
	aside, err := os.CreateTemp(filepath.Dir(out), ".policy-*.wasm")
	if err != nil {
		return err
	}
	defer os.Remove(aside.Name())
	if _, err := aside.Write(policy); err != nil {
		return errors.Join(err, aside.Close())
	}
	if err := errors.Join(aside.Chmod(0o644), aside.Close()); err != nil {
		return err
	}
	return os.Rename(aside.Name(), out)
}

// nativeOnly are OPA's capabilities without the built-ins that wasm has not: a policy that calls one does not compile.
func nativeOnly() *ast.Capabilities {
	capabilities := ast.CapabilitiesForThisVersion()
	kept := capabilities.Builtins[:0]
	for _, builtin := range capabilities.Builtins {
		if native[builtin.Name] {
			kept = append(kept, builtin)
		}
	}
	capabilities.Builtins = kept
	return capabilities
}

func fileOf(bundle io.Reader, name string) ([]byte, error) {
	unzipped, err := gzip.NewReader(bundle)
	if err != nil {
		return nil, err
	}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if err != nil {
			return nil, fmt.Errorf("OPA's bundle has no %s: %w", name, err)
		}
		if header.Name == name {
			return io.ReadAll(archive)
		}
	}
}
