package engines

import (
	"slices"
	"strings"
	"testing"
)

func TestImagesAreReadFromTheEndOfAMessage(t *testing.T) {
	for message, expected := range map[string][]string{
		``:                                   nil,
		`not allowed`:                        nil,
		`not allowed: []`:                    {},
		`not allowed: ["nginx","evil/x"]`:    {"nginx", "evil/x"},
		`not allowed: ["nginx"].`:            {"nginx"},
		`see [the docs]: ["a"]`:              {"a"},
		`not allowed: ["a[\"b\"]"]`:          {`a["b"]`},
		`not allowed: ["a","[\"b\"]"]`:       {"a", `["b"]`},
		`not allowed: ["nginx"], sorry`:      nil,
		`not allowed: [1, 2]`:                nil,
		`not allowed: ["a", 1]`:              nil,
		`not allowed: ["\ud83d\ude00"]`:      {"😀"},
		strings.Repeat("[", 100_000) + `"]`:  nil,
		`not allowed: ["one"] and ["other"]`: {"other"},
	} {
		if actual := ImagesInMessage(message); !slices.Equal(actual, expected) {
			t.Errorf("%.60s names %q, and should name %q", message, actual, expected)
		}
	}
}

func TestTheMostSevereVerdictStays(t *testing.T) {
	verdict := NewVerdict()
	for _, kind := range []Kind{Allow, Audit, Allow, Warn, OutOfScope, Deny, Warn} {
		verdict.Raise(kind)
	}
	if verdict.Verdict != Deny {
		t.Errorf("the verdict is %s", verdict.Verdict)
	}
	verdict.Fail("one")
	verdict.Raise(Deny)
	verdict.Fail("two")
	if verdict.Verdict != Error || verdict.Error != "one; two" {
		t.Errorf("the verdict is %s, %s", verdict.Verdict, verdict.Error)
	}
}
