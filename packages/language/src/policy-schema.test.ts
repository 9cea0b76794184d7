import { Ajv } from "ajv";
import test from "ava";
import fc from "fast-check";
import { parse } from "yaml";
import { parsePolicies } from "./parse-policies.js";
import { policySchema } from "./policy-schema.js";
import { rawPolicies } from "./testing/arbitraries.js";
import { diagnosticCases } from "./testing/diagnostic-cases.js";

const validate = new Ajv({ allowUnionTypes: true, strict: true }).compile(policySchema);

test("the schema is one of draft-07, and every default and example in it is valid", (t) => {
  t.is(policySchema.$schema, "http://json-schema.org/draft-07/schema#");
  t.true(new Ajv().validateSchema(policySchema));
  const visit = (schema: object): void => {
    if ("default" in schema) t.true(new Ajv().validate({ ...schema }, schema.default));
    for (const example of "examples" in schema ? (schema.examples as unknown[]) : []) {
      t.true(new Ajv({ allowUnionTypes: true }).validate({ ...schema }, example));
    }
    for (const value of Object.values(schema)) if (typeof value === "object" && value !== null) visit(value);
  };
  visit(policySchema);
});

test("no mapping of the schema takes a field that it does not name", (t) => {
  const visit = (schema: object): void => {
    if ("properties" in schema && "type" in schema)
      t.is((schema as { additionalProperties?: unknown }).additionalProperties, false);
    for (const value of Object.values(schema)) if (typeof value === "object" && value !== null) visit(value);
  };
  visit(policySchema);
});

test("every field of the schema has a description for an editor to show", (t) => {
  const visit = (schema: object, path: string): void => {
    for (const [name, field] of Object.entries("properties" in schema ? (schema.properties as object) : {})) {
      const {
        description,
        enum: values,
        const: value,
      } = field as { description?: string; enum?: unknown; const?: unknown };
      t.truthy(description ?? values ?? value, `${path}.${name}`);
      visit(field as object, `${path}.${name}`);
    }
  };
  visit(policySchema, "");
});

test("what the schema accepts is what the parser's schema check accepts", (t) => {
  fc.assert(
    fc.property(rawPolicies, (raw) => {
      t.true(validate(raw));
      t.is(parsePolicies({ text: JSON.stringify(raw), file: "p" }).policies.length, 1);
    }),
  );
  const bySchema = new Set(["unknown-field", "missing-field", "null-value", "unknown-value", "empty-list"]);
  for (const { code, text } of diagnosticCases) if (bySchema.has(code)) t.false(validate(parse(text)), text);
});
