package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"registry-policy.dev/host/engines"
	"registry-policy.dev/host/references"
)

// server answers the requests of one client.
type server struct {
	out     *json.Encoder
	writing sync.Mutex

	mutex    sync.RWMutex
	policies map[int64]engines.Policy
	next     int64

	// judging holds one token for each core, for the batches of all requests together.
	judging chan struct{}
}

// graceAtEnd is how long the answers under way may take once the client has closed its end. It is short: the client
// may have been killed, and an engine may be in a match that takes for ever.
const graceAtEnd = time.Second

// serve writes the hello and answers requests until the input ends.
func serve(in io.Reader, out io.Writer, greeting hello) error {
	s := &server{
		out:      json.NewEncoder(out),
		policies: map[int64]engines.Policy{},
		judging:  make(chan struct{}, runtime.GOMAXPROCS(0)),
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
		return call(asked, s.load)
	case "judge":
		return call(asked, s.judge)
	case "unload":
		return call(asked, s.unload)
	case "parse-references":
		return call(asked, s.parseReferences)
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

func (s *server) load(params loadParams) (loadResult, *responseError) {
	load, known := registry[params.Engine]
	if !known {
		return loadResult{}, &responseError{"unknown-engine", fmt.Sprintf("there is no engine `%s`", params.Engine)}
	}
	policy, warnings, err := load(params.Files)
	if err != nil {
		return loadResult{}, &responseError{"refused", err.Error()}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.policies) >= maxPolicies {
		return loadResult{}, &responseError{"too-large", fmt.Sprintf("%d policies are loaded; unload some first", maxPolicies)}
	}
	s.next++
	s.policies[s.next] = policy
	if warnings == nil {
		warnings = []string{}
	}
	return loadResult{Handle: s.next, Warnings: warnings}, nil
}

func (s *server) unload(params unloadParams) (struct{}, *responseError) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.policies[params.Handle] == nil {
		return struct{}{}, &responseError{"unknown-handle", fmt.Sprintf("no policy is loaded as %d", params.Handle)}
	}
	delete(s.policies, params.Handle)
	return struct{}{}, nil
}

// judge spreads a batch over the cores.
func (s *server) judge(params judgeParams) (judgeResult, *responseError) {
	s.mutex.RLock()
	policy := s.policies[params.Handle]
	s.mutex.RUnlock()
	if policy == nil {
		return judgeResult{}, &responseError{"unknown-handle", fmt.Sprintf("no policy is loaded as %d", params.Handle)}
	}
	if len(params.Reviews) > maxBatch {
		return judgeResult{}, &responseError{"too-large", fmt.Sprintf("%d reviews in one request, where %d is the limit", len(params.Reviews), maxBatch)}
	}
	verdicts := make([]engines.Verdict, len(params.Reviews))
	var next atomic.Int64
	var group sync.WaitGroup
	// A goroutine judges many reviews: each new one would grow its stack, copying it, as far as the engines need it.
	for range min(cap(s.judging), len(params.Reviews)) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(params.Reviews)); i = next.Add(1) - 1 {
				s.judging <- struct{}{}
				verdicts[i] = judgeOne(policy, params.Reviews[i])
				<-s.judging
			}
		})
	}
	group.Wait()
	return judgeResult{verdicts}, nil
}

// judgeOne reads one review and judges it. Whatever goes wrong is the verdict of this review alone.
func judgeOne(policy engines.Policy, text json.RawMessage) (verdict engines.Verdict) {
	started := time.Now()
	defer func() {
		if crash := recover(); crash != nil {
			verdict = engines.Failed("the engine crashed: %v", crash)
		}
		verdict.DurationNs = time.Since(started).Nanoseconds()
	}()
	read, err := readReview(text)
	if err != nil {
		return engines.Failed("the request cannot be read: %v", err)
	}
	started = time.Now()
	return policy.Judge(context.Background(), read)
}

func (s *server) parseReferences(params parseReferencesParams) (parseReferencesResult, *responseError) {
	if len(params.References) > maxBatch {
		return parseReferencesResult{}, &responseError{"too-large", fmt.Sprintf("%d references in one request, where %d is the limit", len(params.References), maxBatch)}
	}
	parsed := make([]references.Reference, len(params.References))
	for i, text := range params.References {
		parsed[i] = references.Parse(text)
	}
	return parseReferencesResult{parsed}, nil
}
