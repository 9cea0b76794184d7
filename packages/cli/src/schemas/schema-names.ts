/** What `registry-policy schema` can print; `docs/schemas` has a file of each. */
export const schemaNames = ["policy", "fixtures", "check", "explain", "diff", "compare", "judge"] as const;

export type SchemaName = (typeof schemaNames)[number];
