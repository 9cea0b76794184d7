// Package references parses image references with the parser of container runtimes itself.
package references

import (
	"github.com/distribution/reference"
)

// Reference is what github.com/distribution/reference makes of a text.
type Reference struct {
	// Domain, Path, Tag and Digest are the parts of a valid reference, normalised; Tag and Digest are empty where
	// there is none.
	Domain string `json:"domain"`
	Path   string `json:"path"`
	Tag    string `json:"tag"`
	Digest string `json:"digest"`
	// Error is why the text is no reference.
	Error string `json:"error,omitempty"`
}

// Parse is ParseNormalizedNamed.
func Parse(text string) Reference {
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return Reference{Error: err.Error()}
	}
	parsed := Reference{Domain: reference.Domain(named), Path: reference.Path(named)}
	if tagged, isTagged := named.(reference.Tagged); isTagged {
		parsed.Tag = tagged.Tag()
	}
	if digested, isDigested := named.(reference.Digested); isDigested {
		parsed.Digest = digested.Digest().String()
	}
	return parsed
}
