package main

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"registry-policy.dev/host/engines"
)

// batch is what one policy judges of the reviews of one request, which it shares with the batches of other policies.
type batch struct {
	policy   engines.Policy
	reviews  []sentReview
	verdicts []engines.Verdict
	judged   sync.WaitGroup
	// next is the review that is judged next, and judges are how many are at it.
	next, judges int
}

// judging spreads the batches of all requests over the cores. What judges a batch stays with it, and a batch has a second
// judge only where none is without: an engine's code then stays in a core's caches, where another engine would drive it out.
type judging struct {
	mutex   sync.Mutex
	batches []*batch
	// judges are how many are at work, each a goroutine: a new one for each review would grow its stack, copying it, as far
	// as the engines need it.
	judges int
}

func (j *judging) add(asked *batch) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if len(asked.reviews) == 0 {
		return
	}
	asked.judged.Add(len(asked.reviews))
	j.batches = append(j.batches, asked)
	if j.judges < runtime.GOMAXPROCS(0) {
		j.judges++
		go j.work()
	}
}

// work judges reviews until there are none left.
func (j *judging) work() {
	var at *batch
	for {
		i := j.take(&at)
		if at == nil {
			return
		}
		at.verdicts[i] = judgeOne(at.policy, at.reviews[i])
		at.judged.Done()
	}
}

// take chooses a review: the next of the batch that the judge is at, or else one of the batch with the fewest judges. The
// batch becomes nil where there is no review left.
func (j *judging) take(at **batch) int {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if old := *at; old != nil && old.next == len(old.reviews) {
		*at = nil
	}
	if *at == nil {
		if len(j.batches) == 0 {
			j.judges--
			return 0
		}
		*at = slices.MinFunc(j.batches, func(one, other *batch) int { return one.judges - other.judges })
		(*at).judges++
	}
	i := (*at).next
	(*at).next++
	if (*at).next == len((*at).reviews) {
		j.batches = slices.DeleteFunc(j.batches, func(one *batch) bool { return one == *at })
	}
	return i
}

// judgeOne judges one review. Whatever goes wrong is the verdict of this review alone.
func judgeOne(policy engines.Policy, sent sentReview) (verdict engines.Verdict) {
	started := time.Now()
	defer func() {
		if crash := recover(); crash != nil {
			verdict = engines.Failed("the engine crashed: %v", crash)
		}
		verdict.DurationNs = time.Since(started).Nanoseconds()
	}()
	review, err := sent()
	if err != nil {
		return engines.Failed("the request cannot be read: %v", err)
	}
	// An engine may write to what it is given.
	own := review.DeepCopy()
	started = time.Now()
	return policy.Judge(context.Background(), own)
}
