const pattern = (description: string) => ({
  type: ["object", "null"],
  properties: {
    text: { type: "string" },
    location: {
      type: "object",
      properties: {
        file: { type: "string" },
        line: { type: "integer", minimum: 1 },
        column: { type: "integer", minimum: 1 },
      },
      required: ["file", "line", "column"],
      additionalProperties: false,
    },
  },
  required: ["text", "location"],
  additionalProperties: false,
  description,
});

const changes = (description: string) => ({
  type: "object",
  description,
  properties: {
    complete: { type: "boolean", description: "whether every image that changes does so for one of these causes" },
    images: {
      type: "array",
      items: {
        type: "object",
        properties: {
          image: { type: "string", description: "the shortest one that changes for this cause" },
          reason: {
            enum: ["denied", "unlisted", "registry-implicit", "tag-missing", "tag-denied", "digest-missing"],
            description: "why one of the policies refuses it",
          },
          refusedBy: pattern("the item of `deny` or `denyTags` that refuses it; null where none does"),
          allowedBy: pattern("the item of `allow` that allows it; null where there is no such list"),
        },
        required: ["image", "reason", "refusedBy", "allowedBy"],
        additionalProperties: false,
      },
    },
  },
  required: ["complete", "images"],
  additionalProperties: false,
});

const scopeChange = {
  type: "object",
  properties: {
    field: { type: "string", description: "of the policy's `spec`: `match.kinds`" },
    effect: { enum: ["widened", "narrowed", "both"] },
    message: { type: "string" },
  },
  required: ["field", "effect", "message"],
  additionalProperties: false,
};

/** The JSON Schema of `diff --output json`. */
export const diffSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "https://registry-policy.dev/v1/diff.schema.json",
  title: "The report of registry-policy diff --output json",
  type: "object",
  properties: {
    schemaVersion: { const: 1 },
    widened: { type: "boolean", description: "whether something may run now that was refused" },
    narrowed: { type: "boolean", description: "whether something is refused now that could run" },
    policies: {
      type: "array",
      items: {
        oneOf: [
          {
            type: "object",
            properties: { name: { type: "string" }, change: { enum: ["added", "removed"] } },
            required: ["name", "change"],
            additionalProperties: false,
          },
          {
            type: "object",
            properties: {
              name: { type: "string", description: "of the new policy" },
              change: { const: "compared" },
              allowed: changes("images that become allowed"),
              refused: changes("images that become refused"),
              scope: { type: "array", items: scopeChange },
            },
            required: ["name", "change", "allowed", "refused", "scope"],
            additionalProperties: false,
          },
        ],
      },
    },
  },
  required: ["schemaVersion", "widened", "narrowed", "policies"],
  additionalProperties: false,
};
