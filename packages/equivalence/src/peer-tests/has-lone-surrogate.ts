/**
 * Whether a text in a JSON value has half of a surrogate pair. JSON can write one, as an escape; Go's YAML refuses that
 * escape (go.yaml.in/yaml/v3 scannerc.go, `found invalid Unicode character escape code`) and with it the whole file.
 */
export function hasLoneSurrogate(value: unknown): boolean {
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(value));
}
