import { verdictsSchema } from "./verdict-schema.js";

const count = { type: "integer", minimum: 0 };

const named = {
  type: "object",
  properties: { name: { type: "string" }, version: { type: "string" } },
  required: ["name", "version"],
  additionalProperties: false,
};

const checkedCase = {
  type: "object",
  properties: {
    name: { type: "string", description: "no two cases of a policy have one name" },
    expect: { enum: ["allow", "deny", "out-of-scope"], description: "`deny`: a violation, whatever the enforcement" },
    verdicts: verdictsSchema,
    ok: { type: "boolean", description: "whether it is as expected and every engine agrees" },
  },
  required: ["name", "expect", "verdicts", "ok"],
  additionalProperties: false,
};

const generated = {
  type: ["object", "null"],
  properties: {
    requests: count,
    combined: {
      type: "object",
      properties: {
        requests: { ...count, description: "requests about which engines are asked together" },
        into: { ...count, description: "in how many" },
      },
      required: ["requests", "into"],
      additionalProperties: false,
    },
    leftOut: {
      type: "object",
      properties: {
        patterns: { ...count, description: "patterns, and tags that may not run, that no request was made for" },
        images: { ...count, description: "images that probe a pattern and are in no request" },
      },
      required: ["patterns", "images"],
      additionalProperties: false,
    },
    problem: { type: ["string", "null"], description: "why no images are made of the policy's patterns" },
    disagreements: {
      type: "array",
      items: {
        ...checkedCase,
        properties: {
          ...checkedCase.properties,
          review: { type: "object", description: "the request, as `judge` takes it" },
        },
        required: [...checkedCase.required, "review"],
      },
      description: "the requests about which some engine does not agree",
    },
  },
  required: ["requests", "combined", "leftOut", "problem", "disagreements"],
  additionalProperties: false,
  description: "requests that were made up to probe the policy; `null` with `--fixtures-only`",
};

const proof = {
  type: "object",
  properties: {
    policy: { type: "string" },
    target: { type: "string" },
    file: { type: "string", description: "below the target's folder" },
    outcome: {
      enum: ["equal", "different", "unreadable", "too-large"],
      description: "`equal`: read back, the file allows what the policy allows, whatever the image",
    },
    image: { type: ["string", "null"], description: "the shortest image about which the two differ" },
    allowedBy: { enum: ["policy", "file", null] },
    problem: { type: ["string", "null"], description: "why nothing was shown" },
    assumptions: { type: "array", items: { type: "string" } },
  },
  required: ["policy", "target", "file", "outcome", "image", "allowedBy", "problem", "assumptions"],
  additionalProperties: false,
};

const nodeCheck = {
  type: "object",
  properties: {
    policy: { type: "string" },
    target: { type: "string" },
    agreed: { ...count, description: "images, each once, of all requests that the policy judges" },
    lost: { ...count, description: "images that are among what `generate` reports as lost" },
    disagreements: {
      type: "array",
      items: {
        type: "object",
        properties: { name: { type: "string" }, image: { type: "string" }, admittedBy: { enum: ["node", "policy"] } },
        required: ["name", "image", "admittedBy"],
        additionalProperties: false,
      },
    },
  },
  required: ["policy", "target", "agreed", "lost", "disagreements"],
  additionalProperties: false,
};

/** The JSON Schema of `check --output json`. */
export const checkSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "https://registry-policy.dev/v1/check.schema.json",
  title: "The report of registry-policy check --output json",
  type: "object",
  properties: {
    schemaVersion: { const: 1 },
    tool: named,
    engines: { type: "array", items: named, description: "`reference`, the reference evaluator, is the first" },
    policies: {
      type: "array",
      items: {
        type: "object",
        properties: {
          name: { type: "string" },
          file: { type: "string" },
          cases: { type: "array", items: checkedCase },
          generated,
        },
        required: ["name", "file", "cases"],
        additionalProperties: false,
      },
    },
    proofs: { type: "array", items: proof, description: "one for each file that can be read back" },
    nodes: {
      type: "array",
      items: nodeCheck,
      description: "one for each policy and target for nodes, unless `--engine` names others alone",
    },
    summary: {
      type: "object",
      properties: {
        cases: count,
        disagreements: {
          ...count,
          description: "cases about which some engine does not agree; requests that were generated are not counted",
        },
        failures: { ...count, description: "cases that are not decided as expected" },
      },
      required: ["cases", "disagreements", "failures"],
      additionalProperties: false,
    },
  },
  required: ["schemaVersion", "tool", "engines", "policies", "summary", "proofs"],
  additionalProperties: false,
};
