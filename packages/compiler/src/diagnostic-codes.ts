/** What a target can have against a policy that is right in itself: every code, its severity, and what it is about. */
export const compilerCodes = {
  "artifact-too-large": {
    severity: "error or warning",
    summary: "what is emitted is larger than the API server stores, or a ConfigMap holds",
  },
  "cel-too-costly": {
    severity: "error or warning",
    summary:
      "an API server would not let the expressions of a policy take so long; a warning where reasons are left out",
  },
  "changed-rego": { severity: "error", summary: "the Rego template is not the one that the wasm was compiled from" },
  "not-in-image-review": { severity: "error or warning", summary: "an ImageReview does not tell what the policy asks" },
  "not-said": { severity: "warning", summary: "a node cannot know what the policy asks" },
  "nothing-said": { severity: "error", summary: "a node can be told nothing of what the policy allows" },
} as const;

export type CompilerCode = keyof typeof compilerCodes;
