import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Diagnostic } from "./diagnostic.js";
import { fieldName, nameOf, pathOf } from "./field-path.js";
import type { FromSchema, JsonSchema } from "./json-schema.js";
import { isObject, ownProperty } from "./json-value.js";
import { nearest } from "./nearest.js";
import { allOf, oneOf, quote } from "./quote.js";
import { diagnosticIn, type Path, type SourceDocument } from "./source-document.js";
import type { TextProblem } from "./text-problem.js";

/**
 * Compiling takes a third of the time without the meta-schema, which the type `JsonSchema` and a test stand in for,
 * and without optimising code that runs once for each document.
 */
const ajvOptions = {
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  meta: false,
  validateSchema: false,
  code: { optimize: false },
} as const;

/** No reader wants more, and a hostile file would have one for each of its bytes. */
const maximumErrors = 10_000;

/**
 * Compiles a schema to a check of documents.
 *
 * @returns a function that gives a document's value, which is of the schema's type, or what is wrong with it in the
 *   order of the text.
 * @throws what ajv throws for a schema that is none.
 */
export function compileSchema<const S extends JsonSchema>(
  schema: S,
): (document: SourceDocument) => { readonly value: FromSchema<S> } | { readonly diagnostics: readonly Diagnostic[] } {
  let validate: ValidateFunction | undefined;
  return (document) => {
    validate ??= new Ajv(ajvOptions).compile(schema);
    if (validate(document.value)) return { value: document.value as FromSchema<S> };
    const diagnostics = (validate.errors ?? [])
      .slice(0, maximumErrors)
      .map((error) => schemaDiagnostic(document, error))
      .filter((diagnostic) => diagnostic !== undefined)
      .sort((a, b) => a.location.line - b.location.line || a.location.column - b.location.column);
    return { diagnostics };
  };
}

function schemaDiagnostic(document: SourceDocument, error: ErrorObject): Diagnostic | undefined {
  const path = pathOf(document.value, error.instancePath);
  const { data, params, parentSchema = {} } = error;
  const field = fieldName(path);
  const description: string | undefined = parentSchema.description;
  const form = description === undefined ? "see the language reference for what it can be" : description;
  const at = (problem: TextProblem, part: "key" | "value" = "value", where: Path = path) =>
    diagnosticIn(document, where, problem, part);

  switch (error.keyword) {
    case "additionalProperties": {
      const name = String(params.additionalProperty);
      return at(unknownField(name, field, parentSchema), "key", [...path, name]);
    }
    case "required": {
      const name = String(params.missingProperty);
      const help = ownProperty(parentSchema.properties, name);
      const what = ownProperty(help, "const") ?? ownProperty(help, "description");
      return at(
        {
          code: "missing-field",
          message: `${field} has no ${quote(name)}`,
          help: `add \`${name}:\`${typeof what === "string" ? ` (${what})` : ""}`,
        },
        typeof path.at(-1) === "number" ? "value" : "key",
      );
    }
    case "type":
      if (data !== null) return at(wrongType(document, path, field, error));
      // `allow:` has nothing to point at but its key.
      return at(nullValue(field), document.writtenAt(path) === "" ? "key" : "value");
    case "enum":
    case "const":
      return typeof data === "string" ? at(unknownValue(data, field, error)) : undefined;
    case "minItems":
      return at({
        code: "empty-list",
        message: `${field} is an empty list`,
        help: "add an item, or remove the field",
      });
    case "maxItems":
    case "maxLength": {
      if (error.propertyName !== undefined) return undefined;
      const unit = error.keyword === "maxItems" ? "items" : "characters";
      const message = `${field} has more than ${params.limit} ${unit}`;
      return at({ code: "too-long", message, help: unit === "items" ? "remove some, or use `*` in a pattern" : form });
    }
    case "minLength":
      return at({ code: "invalid-value", message: `${field} is empty`, help: form });
    case "pattern":
      if (error.propertyName !== undefined) return undefined;
      // An empty text is told so by `minLength`.
      if (data === "" && parentSchema.minLength !== undefined) return undefined;
      return at({
        code: patternCode(parentSchema),
        message: `${quote(String(data))} is no valid ${nameOf(path)}`,
        help: form,
      });
    case "propertyNames": {
      const name = String(params.propertyName);
      const help = ownProperty(ownProperty(parentSchema, "propertyNames"), "description");
      const message = `${quote(name)} is no valid key of ${field}`;
      return at({ code: "invalid-value", message, help: String(help ?? form) }, "key", [...path, name]);
    }
    default:
      return at({ code: "invalid-value", message: `${field} ${error.message ?? "is not valid"}`, help: form });
  }
}

/** A pattern that speaks of `*` describes a glob. */
function patternCode(schema: object): "invalid-glob" | "invalid-value" {
  return String(ownProperty(schema, "description")).includes("`*`") ? "invalid-glob" : "invalid-value";
}

function unknownField(name: string, field: string, schema: object): TextProblem {
  const known = Object.keys(ownProperty(schema, "properties") ?? {});
  const close = nearest(name, known);
  const help =
    name === "<<"
      ? "write the fields out: YAML 1.2 has no merge keys"
      : close === undefined
        ? `the fields here are ${allOf(known)}`
        : `write ${quote(close)}`;
  return { code: "unknown-field", message: `${field} has no field ${quote(name)}`, help };
}

function nullValue(field: string): TextProblem {
  return { code: "null-value", message: `${field} has no value`, help: "write a value, or remove the line" };
}

function wrongType(document: SourceDocument, path: Path, field: string, error: ErrorObject): TextProblem {
  const types: string[] = [error.params.type].flat();
  const written = document.writtenAt(path);
  const isPlain = typeof error.data === "number" || typeof error.data === "boolean";
  const wanted = types.map((type) => typeNames[type] ?? type).join(" or ");
  const message = `${field} is ${typeName(error.data)}, not ${wanted}`;
  if (types.includes("string") && isPlain && written !== undefined) {
    return { code: "wrong-type", message, help: `put it between quotes: \`"${written.slice(0, 50)}"\`` };
  }
  if (types.includes("boolean"))
    return { code: "wrong-type", message, help: "write `true` or `false`, without quotes" };
  if (types.includes("array")) {
    return { code: "wrong-type", message, help: "write each item on a line of its own, with `- ` in front" };
  }
  const fields = ownProperty(error.parentSchema, "properties");
  if (!types.includes("string") && isObject(fields)) {
    const help = `write its fields on lines of their own, indented: ${allOf(Object.keys(fields))}`;
    return { code: "wrong-type", message, help };
  }
  const description = ownProperty(error.parentSchema, "description");
  return { code: "wrong-type", message, help: typeof description === "string" ? description : `write ${wanted}` };
}

function unknownValue(data: string, field: string, error: ErrorObject): TextProblem {
  const known: string[] = [error.params.allowedValues ?? error.params.allowedValue].flat();
  const close = nearest(data, known);
  const help = close === undefined || known.length === 1 ? `write ${oneOf(known)}` : `write ${quote(close)}`;
  return { code: "unknown-value", message: `${field} cannot be ${quote(data)}`, help };
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  boolean: "true or false",
  number: "a number",
  integer: "a whole number",
  object: "a mapping",
  array: "a list",
};

function typeName(data: unknown): string {
  if (typeof data === "boolean") return `\`${data}\``;
  return (Array.isArray(data) ? typeNames.array : typeNames[typeof data]) ?? typeof data;
}
