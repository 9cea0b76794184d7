package main

import (
	"fmt"
	"sync"

	"registry-policy.dev/host/engines"
)

// loadedPolicies are the policies that the client has loaded, each by the handle that it was given.
type loadedPolicies struct {
	mutex    sync.RWMutex
	byHandle map[int64]engines.Policy
	next     int64
}

func (p *loadedPolicies) load(params loadParams) (loadResult, *responseError) {
	load, known := registry[params.Engine]
	if !known {
		return loadResult{}, &responseError{"unknown-engine", fmt.Sprintf("there is no engine `%s`", params.Engine)}
	}
	policy, warnings, err := load(params.Files)
	if err != nil {
		return loadResult{}, &responseError{"refused", err.Error()}
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.byHandle) >= maxPolicies {
		return loadResult{}, &responseError{"too-large", fmt.Sprintf("%d policies are loaded; unload some first", maxPolicies)}
	}
	p.next++
	p.byHandle[p.next] = policy
	if warnings == nil {
		warnings = []string{}
	}
	return loadResult{Handle: p.next, Warnings: warnings}, nil
}

func (p *loadedPolicies) unload(params unloadParams) (struct{}, *responseError) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.byHandle[params.Handle] == nil {
		return struct{}{}, unknownHandle(params.Handle)
	}
	delete(p.byHandle, params.Handle)
	return struct{}{}, nil
}

// get returns the policy of a handle.
func (p *loadedPolicies) get(handle int64) (engines.Policy, *responseError) {
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	policy := p.byHandle[handle]
	if policy == nil {
		return nil, unknownHandle(handle)
	}
	return policy, nil
}

func unknownHandle(handle int64) *responseError {
	return &responseError{"unknown-handle", fmt.Sprintf("no policy is loaded as %d", handle)}
}
