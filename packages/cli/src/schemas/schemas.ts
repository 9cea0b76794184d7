import type { SchemaName } from "./schema-names.js";

/** The JSON Schemas (draft-07), by the name by which they are asked for. */
export const schemas: Readonly<Record<SchemaName, () => Promise<object>>> = {
  policy: async () => (await import("@registry-policy/language")).policySchema,
  fixtures: async () => (await import("@registry-policy/equivalence")).fixturesSchema,
  check: async () => (await import("./check-schema.js")).checkSchema,
  explain: async () => (await import("./explain-schema.js")).explainSchema,
  diff: async () => (await import("./diff-schema.js")).diffSchema,
  compare: async () => (await import("./compare-schema.js")).compareSchema,
  judge: async () => (await import("./judge-schema.js")).judgeSchema,
};
