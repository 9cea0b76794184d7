import { verdictsSchema } from "./verdict-schema.js";

/** The JSON Schema of one line of `judge`. */
export const judgeSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "https://registry-policy.dev/v1/judge.schema.json",
  title: "One line of registry-policy judge",
  oneOf: [
    {
      type: "object",
      properties: { uid: { type: "string" }, verdicts: verdictsSchema },
      required: ["uid", "verdicts"],
      additionalProperties: false,
    },
    {
      type: "object",
      description: "a line that is no request",
      properties: {
        uid: { type: ["string", "null"], description: "null where the line has none" },
        error: { type: "string" },
        line: { type: "integer", minimum: 1, description: "of standard input" },
      },
      required: ["uid", "error", "line"],
      additionalProperties: false,
    },
  ],
};
