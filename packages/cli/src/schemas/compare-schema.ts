const side = (description: string) => ({
  type: "object",
  description,
  properties: {
    title: { type: "string", description: "what it is: `ClusterPolicy`" },
    judge: { type: "string", description: "who judged with it: the engine and its version" },
  },
  required: ["title", "judge"],
  additionalProperties: false,
});

const verdict = {
  type: "object",
  properties: {
    outcome: { enum: ["admitted", "refused"], description: "where the policy is enforced" },
    verdict: { enum: ["allow", "deny", "warn", "audit", "out-of-scope", "error"] },
    messages: { type: "array", items: { type: "string" } },
    error: { type: "string", description: "why the engine could not decide" },
  },
  required: ["outcome", "verdict", "messages"],
  additionalProperties: false,
};

const texts = { type: "array", items: { type: "string" } };

/** The JSON Schema of `compare --output json`. */
export const compareSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "https://registry-policy.dev/v1/compare.schema.json",
  title: "The report of registry-policy compare --output json",
  type: "object",
  properties: {
    schemaVersion: { const: 1 },
    left: side("the first policy"),
    right: side("the second policy"),
    direction: { enum: ["allowed", "refused"], description: "what alone was asked for" },
    differences: {
      type: "array",
      description: "one for each cause",
      items: {
        type: "object",
        properties: {
          direction: { enum: ["allowed", "refused"], description: "what became of the request on the right" },
          cause: { type: "string", description: "one sentence" },
          manifest: { type: "object", description: "the smallest object that shows it; it can be applied" },
          request: { type: "object", description: "the whole admission request" },
          namespaceLabels: { type: ["object", "null"], additionalProperties: { type: "string" } },
          left: verdict,
          right: verdict,
        },
        required: ["direction", "cause", "manifest", "request", "namespaceLabels", "left", "right"],
        additionalProperties: false,
      },
    },
    asked: {
      type: "object",
      description: "how much was asked, and of what",
      properties: {
        requests: { type: "integer", minimum: 1 },
        images: { type: "integer", minimum: 1 },
        kinds: texts,
        fields: texts,
        operations: texts,
        namespaces: texts,
        users: texts,
        annotations: texts,
        names: {
          type: "object",
          description: "words in the texts of the two sides that may be names of registries and the like",
          properties: {
            found: { type: "integer", minimum: 0 },
            asked: { type: "integer", minimum: 0, description: "of how many images were made" },
            telling: { type: "integer", minimum: 0, description: "how many of these mean something to a side" },
            inEveryForm: {
              type: "integer",
              minimum: 0,
              description: "for how many of these images were made for every mistake that people make",
            },
          },
          required: ["found", "asked", "telling", "inEveryForm"],
          additionalProperties: false,
        },
        thingsApart: {
          type: "integer",
          description:
            "the most things in which a request differs from the plainest, kind, field and the like; absent: any number",
        },
      },
      required: ["requests", "images", "kinds", "fields", "operations", "namespaces", "users", "annotations", "names"],
      additionalProperties: false,
    },
    notes: {
      type: "array",
      items: { type: "string" },
      description: "what differs and shows in no request, one sentence each",
    },
    isProof: {
      type: "boolean",
      description: "whether the sides were shown to be equal on every request; else that none was found is a test",
    },
  },
  required: ["schemaVersion", "left", "right", "differences", "notes", "asked", "isProof"],
  additionalProperties: false,
};
