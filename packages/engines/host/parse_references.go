package main

import "registry-policy.dev/host/references"

// parseReferences reads image references as github.com/distribution/reference does.
func parseReferences(params parseReferencesParams) (parseReferencesResult, *responseError) {
	if len(params.References) > maxBatch {
		return parseReferencesResult{}, tooLarge("references in one request", len(params.References), maxBatch)
	}
	parsed := make([]references.Reference, len(params.References))
	for i, text := range params.References {
		parsed[i] = references.Parse(text)
	}
	return parseReferencesResult{parsed}, nil
}
