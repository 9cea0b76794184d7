package main

import (
	"encoding/json"
	"fmt"

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
	batches := make([]*batch, len(params.Policies))
	for i, asked := range params.Policies {
		policy, failure := s.policies.get(asked.Handle)
		if failure != nil {
			return judgeResult{}, failure
		}
		reviews, failure := choose(params.Reviews, asked.Reviews)
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

// choose returns the texts that one policy judges.
func choose(texts []json.RawMessage, indices []int) ([]json.RawMessage, *responseError) {
	if len(indices) > maxBatch {
		return nil, tooLarge("reviews for one policy", len(indices), maxBatch)
	}
	chosen := make([]json.RawMessage, len(indices))
	for i, index := range indices {
		if index < 0 || index >= len(texts) {
			return nil, &responseError{"bad-request", fmt.Sprintf("a policy is asked about `reviews[%d]`, where there are %d", index, len(texts))}
		}
		chosen[i] = texts[index]
	}
	return chosen, nil
}
