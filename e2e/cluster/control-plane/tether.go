package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// How long a command may take to end by itself before it is killed.
const patience = 3 * time.Second

// tether runs a command until it ends, or until standard input does: the end of input is the end of whoever started it,
// even of one that was killed and could clean nothing up.
func tether(arguments []string) error {
	if len(arguments) == 0 {
		return fmt.Errorf("tether wants a command")
	}
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	// Signals are for the tether, which then ends the command.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	released := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		released <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-released:
	case <-signals:
	}
	// An error here means that the command is gone already, which its end says below.
	_ = command.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
		return nil
	case <-time.After(patience):
		if err := command.Process.Kill(); err != nil {
			return err
		}
		<-ended
		return nil
	}
}
