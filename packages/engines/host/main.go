// Registry-policy-host runs the policy engines' own code for the TypeScript side of this repository.
//
//	registry-policy-host                        serves the protocol of stdio_protocol.go
//	registry-policy-host build-wasm …           compiles Rego to policy.wasm
//	registry-policy-host version                prints the hello
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime/debug"

	"registry-policy.dev/host/wasm"
)

func main() {
	// The engines write to the standard output of a controller, which here is the protocol's.
	out := os.Stdout
	os.Stdout = os.Stderr
	silence()
	if err := run(os.Args[1:], out); err != nil {
		fmt.Fprintf(os.Stderr, "registry-policy-host: %v\n", err)
		os.Exit(1)
	}
}

func run(arguments []string, out *os.File) error {
	if len(arguments) > 0 && arguments[0] == "build-wasm" {
		return buildWasm(arguments[1:])
	}
	versions, err := embeddedVersions()
	if err != nil {
		return err
	}
	greeting := hello{Protocol: protocolVersion, Host: version, Engines: versions}
	switch {
	case len(arguments) == 0:
		// A review makes much garbage and keeps none of it.
		debug.SetGCPercent(400)
		return serve(os.Stdin, out, greeting)
	case len(arguments) == 1 && arguments[0] == "version":
		return json.NewEncoder(out).Encode(greeting)
	default:
		return fmt.Errorf("unknown command `%s`: there are `build-wasm`, `version`, and none to serve standard input", arguments[0])
	}
}

func buildWasm(arguments []string) error {
	flags := flag.NewFlagSet("build-wasm", flag.ContinueOnError)
	entrypoint := flags.String("entrypoint", "", "the rule to compile, as in kubernetes/admission/decision")
	out := flags.String("out", "", "the file to write")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *entrypoint == "" || *out == "" {
		return fmt.Errorf("build-wasm needs --entrypoint RULE and --out FILE before the Rego files")
	}
	return wasm.Build(*entrypoint, *out, flags.Args())
}
