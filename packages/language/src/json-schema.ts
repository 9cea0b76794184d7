/** The part of JSON Schema draft-07 in which the documents of this project are described. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  /** Also the help of a diagnostic about a value that does not have the form. */
  readonly description?: string;
  readonly type?: TypeName | readonly TypeName[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: false | JsonSchema;
}

type TypeName = "string" | "boolean" | "number" | "integer" | "object" | "array" | "null";

/** The type of the JSON values that a schema written as a constant accepts. */
export type FromSchema<S> = S extends { readonly const: infer Value }
  ? Value
  : S extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : S extends { readonly type: readonly (infer Name)[] }
      ? Name extends TypeName
        ? FromType<S, Name>
        : never
      : S extends { readonly type: infer Name }
        ? FromType<S, Name>
        : unknown;

type FromType<S, Name> = Name extends "string"
  ? string
  : Name extends "boolean"
    ? boolean
    : Name extends "number" | "integer"
      ? number
      : Name extends "array"
        ? readonly FromSchema<S extends { readonly items: infer Item } ? Item : unknown>[]
        : Name extends "object"
          ? FromObject<S>
          : Name extends "null"
            ? null
            : never;

type FromObject<S> = S extends { readonly properties: infer Properties }
  ? {
      readonly [Key in keyof Properties as Key extends Required<S> ? Key : never]: FromSchema<Properties[Key]>;
    } & {
      readonly [Key in keyof Properties as Key extends Required<S> ? never : Key]?: FromSchema<Properties[Key]>;
    }
  : S extends { readonly additionalProperties: infer Value }
    ? { readonly [key: string]: FromSchema<Value> }
    : { readonly [key: string]: unknown };

type Required<S> = S extends { readonly required: readonly (infer Key)[] } ? Key : never;
