import { and, type Language, matching, not, parseExpression } from "@registry-policy/automata";
import { parseAllDocuments } from "yaml";
import { ConditionReader, type Scope } from "./cel-condition.js";
import { referenceSubject, withoutPort } from "./cel-reference.js";
import { celTokens, matchForm } from "./cel-tokens.js";
import { isMap } from "./is-map.js";
import { type ProofReader, type ProvableFile, reading, type Subjects, textOf, Unreadable } from "./proof.js";
import { recognised } from "./recognised.js";

/**
 * Reads the variables and the validation of a policy in CEL, wherever the target has them in its manifest.
 *
 * @param reads which files hold them.
 */
export function celProof(reads: (path: string) => boolean): ProofReader {
  return {
    assumptions: [
      "cel-go evaluates the expressions of the variables as CEL and its strings extension are defined",
      "Go's `regexp`, which cel-go calls, matches what the syntax of RE2 says",
    ],
    reads,
    allowedImages(file, shipped) {
      const original = shipped.find(({ path }) => path === file.path);
      if (original === undefined) throw new Unreadable("there is no shipped file to compare it with");
      return allowedBy(variablesOf(file), variablesOf(original));
    },
  };
}

const validForm = `variables.images.filter(image,
  size(image) <= 512 &&
  image.matches('{reference}') &&
  !image.matches('{imageId}')
)`;

type Variables = ReadonlyMap<string, string>;

/** The images that are in none of the lists of refused ones. */
function allowedBy(variables: Variables, original: Variables): Language {
  if (variables.get("images") !== original.get("images")) {
    throw new Unreadable("the variable `images` is not the shipped one");
  }
  const { images: _, ...rest } = Object.fromEntries(variables);
  const text = JSON.stringify(rest);
  if (lastRead?.text !== text) lastRead = { text, language: notRefused(variables) };
  return lastRead.language;
}

/** Several targets have the same variables: what they say is worked out once, and so compared once. */
let lastRead: { readonly text: string; readonly language: Language } | undefined;

function notRefused(variables: Variables): Language {
  const { reference, imageId } = matchForm(validForm, expressionOf(variables, "valid")) ?? {};
  if (reference === undefined || imageId === undefined) {
    throw new Unreadable("the variable `valid` is not of the form that is known");
  }
  const valid = recognised(and(matching(parseExpression(reference)), not(matching(parseExpression(imageId)))));
  const refused = expressionOf(variables, "refused");
  const list = ["valid", "admitted"].find(
    (name) => matchForm(`variables.images.filter(image, !(image in variables.${name}))`, refused) !== undefined,
  );
  if (list === undefined) throw new Unreadable("the variable `refused` is not of the form that is known");
  return list === "valid" ? valid : and(valid, admitted(variables, "admitted"));
}

/** The images of a variable that is `variables.references.filter(it, …).map(it, it.image)`, or the same of `valid`. */
function admitted(variables: Variables, name: string): Language {
  const tokens = celTokens(expressionOf(variables, name));
  const reader = new ConditionReader(tokens);
  const isOfReferences = tokens[2]?.text === "references";
  reader.expect(
    `variables . ${isOfReferences ? "references" : "valid"} . filter ( ${isOfReferences ? "it" : "image"} ,`,
  );
  const identity = (of: Language) => of;
  const reference = isOfReferences
    ? referenceSubject(expressionOf(variables, "located"), expressionOf(variables, "references"))
    : undefined;
  const subjects: Subjects =
    reference === undefined ? { image: identity } : { "it.image": identity, "it.reference": reference };
  const scope: Scope = {
    subjects,
    image: isOfReferences ? "it.image" : "image",
    // A variable sees those before it alone, so this comes to an end.
    variable: (other) => admitted(before(variables, name), other),
    withoutPort,
  };
  const language = reader.condition(scope);
  reader.expect(")");
  if (isOfReferences) reader.expect(". map ( it , it . image )");
  if (!reader.isAtEnd) throw new Unreadable(`the variable \`${name}\` goes on after what is known of it`);
  return language;
}

function before(variables: Variables, name: string): Variables {
  const entries = [...variables];
  return new Map(
    entries.slice(
      0,
      entries.findIndex(([other]) => other === name),
    ),
  );
}

function expressionOf(variables: Variables, name: string): string {
  const expression = variables.get(name);
  if (expression === undefined) throw new Unreadable(`there is no variable \`${name}\``);
  return expression;
}

/** The variables in their order, where the one validation asks that none of the images is refused. */
function variablesOf(file: ProvableFile): Variables {
  const documents = reading("YAML", () => {
    const parsed = parseAllDocuments(textOf(file));
    const error = parsed.flatMap((document) => document.errors)[0];
    if (error !== undefined) throw error;
    return parsed.map((document) => document.toJS() as unknown);
  });
  const [found, ...more] = documents.flatMap(holdersOf);
  if (found === undefined || more.length > 0)
    throw new Unreadable("there is not one list of variables and validations");
  const { variables, validations } = found;
  const [validation, ...others] = Array.isArray(validations) ? (validations as unknown[]) : [];
  if (!isMap(validation) || others.length > 0 || validation.expression !== "size(variables.refused) == 0") {
    throw new Unreadable("there is another validation than that no image is refused");
  }
  const entries = (Array.isArray(variables) ? (variables as unknown[]) : []).map((variable) => {
    if (!isMap(variable) || typeof variable.name !== "string" || typeof variable.expression !== "string") {
      throw new Unreadable("a variable has no name, or no expression");
    }
    return [variable.name, variable.expression] as const;
  });
  const byName = new Map(entries);
  if (byName.size !== entries.length) throw new Unreadable("two variables have one name");
  return byName;
}

/** Every mapping below a value that has both variables and validations. */
function holdersOf(value: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(holdersOf);
  if (!isMap(value)) return [];
  if (Object.hasOwn(value, "variables") && Object.hasOwn(value, "validations")) return [value];
  return Object.values(value).flatMap(holdersOf);
}
