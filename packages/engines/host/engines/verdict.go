package engines

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Kind is what a request gets, in the words of the TypeScript side.
type Kind string

const (
	Allow      Kind = "allow"
	Deny       Kind = "deny"
	Warn       Kind = "warn"
	Audit      Kind = "audit"
	OutOfScope Kind = "out-of-scope"
	Error      Kind = "error"
)

// severity orders the verdicts of several rules, constraints or bindings: the request gets the most severe.
var severity = []Kind{OutOfScope, Allow, Audit, Warn, Deny, Error}

// Verdict is what an engine says about one review.
type Verdict struct {
	Verdict Kind `json:"verdict"`
	// Images are the images that the engine names as violating, in the order in which it names them, once each.
	Images []string `json:"images"`
	// Messages are the engine's own words.
	Messages []string `json:"messages"`
	// Error is why the engine could not decide; only with the verdict Error.
	Error string `json:"error,omitempty"`
	// DurationNs is the time that the engine took, in nanoseconds.
	DurationNs int64 `json:"durationNs"`
}

// NewVerdict starts a verdict at the least severe kind.
func NewVerdict() Verdict {
	return Verdict{Verdict: OutOfScope, Images: []string{}, Messages: []string{}}
}

// Failed is the verdict of an engine that could not decide.
func Failed(format string, args ...any) Verdict {
	verdict := NewVerdict()
	verdict.Fail(fmt.Sprintf(format, args...))
	return verdict
}

// Raise sets the kind if it is more severe than what is there.
func (v *Verdict) Raise(kind Kind) {
	if slices.Index(severity, kind) > slices.Index(severity, v.Verdict) {
		v.Verdict = kind
	}
}

// Fail raises the verdict to Error, keeping the first reason in front.
func (v *Verdict) Fail(reason string) {
	v.Raise(Error)
	if v.Error == "" {
		v.Error = reason
	} else {
		v.Error += "; " + reason
	}
}

// Name records an image that the engine names, once.
func (v *Verdict) Name(images ...string) {
	for _, image := range images {
		if !slices.Contains(v.Images, image) {
			v.Images = append(v.Images, image)
		}
	}
}

// Say records a message of the engine.
func (v *Verdict) Say(message string) {
	v.Messages = append(v.Messages, message)
}

// maxArrayStarts bounds the work on a message that is nothing but brackets.
const maxArrayStarts = 256

// ImagesInMessage reads the JSON array of strings that a message ends with, for engines that can hand back nothing
// but text: `not allowed: ["nginx","evil/x"]`. A message that ends otherwise names no image.
//
// An image is arbitrary text and may itself hold `["`, so each candidate start is tried, the leftmost first: only the
// true start parses up to the very end of the message, unless the text in front of it was forged to do so as well.
func ImagesInMessage(message string) []string {
	text := strings.TrimRight(message, " \n.")
	if !strings.HasSuffix(text, "]") {
		return nil
	}
	for at, tries := 0, 0; at < len(text) && tries < maxArrayStarts; at, tries = at+1, tries+1 {
		next := strings.IndexByte(text[at:], '[')
		if next < 0 {
			return nil
		}
		at += next
		var images []string
		if json.Unmarshal([]byte(text[at:]), &images) == nil {
			return images
		}
	}
	return nil
}
