import fc from "fast-check";

const hex = "0123456789abcdef";

/** Digests of each algorithm. */
export const digests = [`sha256:${hex.repeat(4)}`, `sha384:${hex.repeat(6)}`, `sha512:${hex.repeat(8)}`] as const;

/**
 * Texts that some reader could take for syntax: of templates, of Kyverno's variables and operators, of JMESPath, CEL and
 * Rego, of expressions, and the words that YAML 1.1 reads as something else.
 */
export const hostileText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "{{ request.object.metadata.name }}",
      "{{request.operation}}",
      "{{ 1 | to_string(@) }}",
      "\\{{ x }}",
      "{{",
      "}}",
      "$(../../spec)",
      "$(x",
      "a | b & !c",
      'he said "no"',
      "it's",
      "back\\slash \\n \\u0041",
      "`literal`",
      "first\nsecond",
      "trailing newline\n",
      " blanks around ",
      "no",
      "on",
      "1e3",
      "0o7",
      "12:30",
      "null",
      "~",
      "- item",
      "key: value # comment",
      "%s %d {0} $x",
      "</script>",
      '"] deny { true }',
      "' + string(object) + '",
      "*?[a-z]<>=",
      "grüße 🙂",
      'ends like a list ["nginx"]',
      "{{/* comment */}}{{{raw}}}",
    ),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 24, unit: "grapheme" }) },
);

/** Any JSON value, of those that reach every engine as the same text: one half of a surrogate pair does not. */
export const anything = fc.jsonValue({ maxDepth: 2, stringUnit: "grapheme" });

/** Mostly what it should be, seldom anything at all. */
export function mostly<T>(usual: fc.Arbitrary<T>, weight = 15): fc.Arbitrary<unknown> {
  return fc.oneof({ weight, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: anything });
}
