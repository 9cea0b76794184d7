// The parts of a cluster that the e2e runs need and that are not an engine's own: etcd, kube-apiserver, the
// certificates between them, and a tether that ends a process when whoever started it is gone.
package main

import (
	"fmt"
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

const usage = `control-plane etcd DIR CLIENT-URL PEER-URL     etcd, until it is told to end
control-plane apiserver [FLAGS]               kube-apiserver itself
control-plane certificates DIR                a certificate authority, certificates of 127.0.0.1 and of a client, a key for service accounts
control-plane tether COMMAND [ARGUMENTS]      a command that ends when standard input does
`

func main() {
	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	arguments := os.Args[2:]
	switch os.Args[1] {
	case "apiserver":
		command := app.NewAPIServerCommand()
		command.SetArgs(arguments)
		os.Exit(cli.Run(command))
	case "etcd":
		end(runEtcd(arguments))
	case "certificates":
		end(writeCertificates(arguments))
	case "tether":
		end(tether(arguments))
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
}

func end(err error) {
	if err == nil {
		return
	}
	fmt.Fprintf(os.Stderr, "error: %v\n", err)
	os.Exit(1)
}
