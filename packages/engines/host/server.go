package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"registry-policy.dev/host/engines"
)

// server answers the requests of one client.
type server struct {
	out     *json.Encoder
	writing sync.Mutex

	policies loadedPolicies
	judging  judging
}

// graceAtEnd is how long the answers under way may take once the client has closed its end. It is short: the client
// may have been killed, and an engine may be in a match that takes for ever.
const graceAtEnd = time.Second

// serve writes the hello and answers requests until the input ends.
func serve(in io.Reader, out io.Writer, greeting hello) error {
	s := &server{
		out:      json.NewEncoder(out),
		policies: loadedPolicies{byHandle: map[int64]engines.Policy{}},
	}
	s.out.SetEscapeHTML(false)
	if err := s.write(greeting); err != nil {
		return err
	}
	lines := bufio.NewReaderSize(in, 1<<20)
	slots := make(chan struct{}, maxRequests)
	var answering sync.WaitGroup
	var failure error
	for {
		line, err := readLine(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			failure = err
		}
		if len(bytes.TrimSpace(line)) > 0 {
			slots <- struct{}{}
			answering.Go(func() {
				s.write(s.answer(line))
				<-slots
			})
		}
		if err != nil {
			break
		}
	}
	done := make(chan struct{})
	go func() { answering.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(graceAtEnd):
	}
	return failure
}

// readLine reads up to the next newline, or to the end.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxLineBytes {
			return nil, fmt.Errorf("a request is longer than %d bytes", maxLineBytes)
		}
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// write sends one line. An error means that the client is gone, which the end of the input tells as well.
func (s *server) write(message any) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.out.Encode(message)
}

// answer carries one request out.
func (s *server) answer(line []byte) (answer response) {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return response{Error: &responseError{"bad-request", err.Error()}}
	}
	defer func() {
		if crash := recover(); crash != nil {
			answer = response{ID: asked.ID, Error: &responseError{"crash", fmt.Sprint(crash)}}
		}
	}()
	result, failure := s.dispatch(asked)
	if failure != nil {
		return response{ID: asked.ID, Error: failure}
	}
	return response{ID: asked.ID, Result: result}
}

func (s *server) dispatch(asked request) (any, *responseError) {
	switch asked.Method {
	case "ping":
		return struct{}{}, nil
	case "load":
		return call(asked, s.policies.load)
	case "judge":
		return call(asked, s.judge)
	case "unload":
		return call(asked, s.policies.unload)
	case "parse-references":
		return call(asked, parseReferences)
	default:
		return nil, &responseError{"unknown-method", fmt.Sprintf("there is no method `%s`", asked.Method)}
	}
}

// call reads the parameters strictly and calls the method.
func call[P, R any](asked request, method func(P) (R, *responseError)) (any, *responseError) {
	var params P
	decoder := json.NewDecoder(bytes.NewReader(asked.Params))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&params); err != nil {
		return nil, &responseError{"bad-request", err.Error()}
	}
	result, failure := method(params)
	if failure != nil {
		return nil, failure
	}
	return result, nil
}
