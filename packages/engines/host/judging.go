package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"registry-policy.dev/host/engines"
)

// judge spreads a batch over the cores.
func (s *server) judge(params judgeParams) (judgeResult, *responseError) {
	policy, failure := s.policies.get(params.Handle)
	if failure != nil {
		return judgeResult{}, failure
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
