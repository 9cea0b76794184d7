const location = {
  type: ["object", "null"],
  properties: {
    file: { type: "string" },
    line: { type: "integer", minimum: 1 },
    column: { type: "integer", minimum: 1 },
  },
  required: ["file", "line", "column"],
  additionalProperties: false,
  description: "where the pattern is written",
};

const reference = {
  type: ["object", "null"],
  properties: {
    registry: { type: "string" },
    repository: { type: "string" },
    tag: { type: ["string", "null"], description: "`latest` where neither a tag nor a digest is written" },
    digest: { type: ["string", "null"] },
  },
  required: ["registry", "repository", "tag", "digest"],
  additionalProperties: false,
  description: "the image as container runtimes read it; null where it is no reference",
};

const explainedImage = {
  type: "object",
  properties: {
    image: { type: "string", description: "as it was given" },
    reference,
    verdict: { enum: ["allow", "violation"] },
    reason: {
      enum: [
        "missing",
        "invalid",
        "denied",
        "unlisted",
        "registry-implicit",
        "tag-missing",
        "tag-denied",
        "digest-missing",
        null,
      ],
      description: "why it violates the policy; null where it does not",
    },
    pattern: { type: ["string", "null"], description: "the item of `allow`, `deny` or `denyTags` that decided" },
    location,
  },
  required: ["image", "reference", "verdict", "reason", "pattern", "location"],
  additionalProperties: false,
};

/** The JSON Schema of `explain --output json`. */
export const explainSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "https://registry-policy.dev/v1/explain.schema.json",
  title: "The report of registry-policy explain --output json",
  type: "object",
  properties: {
    schemaVersion: { const: 1 },
    policy: { type: "string", description: "the policy's name" },
    images: { type: "array", items: explainedImage },
  },
  required: ["schemaVersion", "policy", "images"],
  additionalProperties: false,
};
