package main

import (
	"io"
	"log"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
	controllerruntime "sigs.k8s.io/controller-runtime/pkg/log"
)

// silence turns the engines' loggers off: what they have to say about a request is in its verdict.
func silence() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	klog.SetLogger(logr.Discard())
	controllerruntime.SetLogger(logr.Discard())
	log.SetOutput(io.Discard)
}
