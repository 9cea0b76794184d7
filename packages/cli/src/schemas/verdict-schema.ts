/** One judge's verdict on one request. */
export const verdictSchema = {
  type: "object",
  properties: {
    verdict: {
      enum: ["allow", "deny", "warn", "audit", "out-of-scope", "error"],
      description: "`error`: the engine could not decide",
    },
    images: {
      type: "array",
      items: { type: "string" },
      description: "the violating images that it names; an engine may stop at the first",
    },
    messages: { type: "array", items: { type: "string" }, description: "its own words" },
    error: { type: ["string", "null"], description: "why it could not decide" },
  },
  required: ["verdict", "images", "messages", "error"],
  additionalProperties: false,
};

/** The verdicts by judge. */
export const verdictsSchema = {
  type: "object",
  properties: { reference: verdictSchema },
  required: ["reference"],
  additionalProperties: verdictSchema,
  description: "by the name of the judge; an engine that cannot be asked about the request is not there",
};
