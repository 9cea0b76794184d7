package main

import (
	"fmt"
	"sync"

	"registry-policy.dev/host/engines"
)

// judge has the batch of each policy judged, and waits for all of them.
func (s *server) judge(params judgeParams) (judgeResult, *responseError) {
	if len(params.Reviews) > maxBatch {
		return judgeResult{}, tooLarge("reviews in one request", len(params.Reviews), maxBatch)
	}
	if len(params.Policies) > maxJudging {
		return judgeResult{}, tooLarge("policies in one request", len(params.Policies), maxJudging)
	}
	sent := make([]sentReview, len(params.Reviews))
	for i, text := range params.Reviews {
		sent[i] = sync.OnceValues(func() (engines.Review, error) { return readReview(text) })
	}
	batches := make([]*batch, len(params.Policies))
	for i, asked := range params.Policies {
		policy, failure := s.policies.get(asked.Handle)
		if failure != nil {
			return judgeResult{}, failure
		}
		reviews, failure := choose(sent, asked.Reviews)
		if failure != nil {
			return judgeResult{}, failure
		}
		batches[i] = &batch{policy: policy, reviews: reviews, verdicts: make([]engines.Verdict, len(reviews))}
	}
	for _, asked := range batches {
		s.judging.add(asked)
	}
	verdicts := make([][]engines.Verdict, len(batches))
	for i, asked := range batches {
		asked.judged.Wait()
		verdicts[i] = asked.verdicts
	}
	return judgeResult{verdicts}, nil
}

// sentReview is a review of a request, read when the first policy judges it, and once for all of them.
type sentReview func() (engines.Review, error)

// choose returns the reviews that one policy judges.
func choose(sent []sentReview, indices []int) ([]sentReview, *responseError) {
	if len(indices) > maxBatch {
		return nil, tooLarge("reviews for one policy", len(indices), maxBatch)
	}
	chosen := make([]sentReview, len(indices))
	for i, index := range indices {
		if index < 0 || index >= len(sent) {
			return nil, &responseError{"bad-request", fmt.Sprintf("a policy is asked about `reviews[%d]`, where there are %d", index, len(sent))}
		}
		chosen[i] = sent[index]
	}
	return chosen, nil
}
