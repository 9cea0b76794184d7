import { and, type Language, not } from "@registry-policy/automata";
import { ConditionReader, type Scope } from "./cel-condition.js";
import { referencesOf, withoutPort } from "./cel-reference.js";
import { celTokens } from "./cel-tokens.js";
import { isMap } from "./is-map.js";
import { type ProofReader, textOf, Unreadable, yamlDocumentsOf } from "./proof.js";
import { readingOnce } from "./reading-once.js";
import { asValidReferences, whole } from "./reference-grammar.js";

/** What is taken for granted about every engine with CEL. */
export const celAssumptions: readonly string[] = [
  "cel-go evaluates the expressions of the variables as CEL and its strings extension are defined",
  "Go's `regexp`, which cel-go calls, matches what the syntax of RE2 says",
];

/**
 * Reads the variables and the validation of a policy in CEL, wherever the target has them in its manifest.
 *
 * @param reads which files hold them.
 */
export function celProof(reads: (path: string) => boolean): ProofReader {
  return {
    assumptions: celAssumptions,
    reads,
    allowedImages(file, shipped) {
      const original = shipped.find(({ path }) => path === file.path);
      if (original === undefined) throw new Unreadable("there is no shipped file to compare it with");
      return allowedBy(variablesOf(textOf(file)), variablesOf(textOf(original)));
    },
  };
}

export type Variables = ReadonlyMap<string, string>;

/** The images that are in none of the lists of refused ones. */
function allowedBy(variables: Variables, original: Variables): Language {
  if (variables.get("images") !== original.get("images")) {
    throw new Unreadable("the variable `images` is not the shipped one");
  }
  const { images: _, ...rest } = Object.fromEntries(variables);
  return notRefused(JSON.stringify(rest));
}

/** By the variables but `images` as one text: several targets have the same, and one language is compared only once. */
const notRefused = readingOnce((text): Language => {
  const variables: Variables = new Map(Object.entries(JSON.parse(text) as Record<string, string>));
  const reader = new ConditionReader(celTokens(expressionOf(variables, "refused")));
  const language = variables.has("references") ? admittedReferences(reader, variables) : admittedImages(reader);
  reader.expectEnd("refused");
  return language;
});

/** What the filter of `refused` leaves out, where there are patterns: of the variable `references`. */
function admittedReferences(reader: ConditionReader, variables: Variables): Language {
  const { valid, subject } = referencesOf(expressionOf(variables, "references"));
  reader.expect("variables . references . filter ( it , ! ( it . reference !=");
  reader.expectText("");
  reader.expect("&&");
  const admitted = reader.conjunction(scopeOf(variables, "refused", subject));
  reader.expect(") ) . map ( it , it . image )");
  return and(valid, admitted);
}

/** The same without patterns: of the variable `images`. */
function admittedImages(reader: ConditionReader): Language {
  reader.expect("variables . images . filter ( image , ! ( size ( image ) <= 512 && image . matches (");
  const reference = reader.text();
  reader.expect(") && ! image . matches (");
  const imageId = reader.text();
  reader.expect(")");
  const valid = validImages(JSON.stringify({ reference, imageId }));
  const scope = { subjects: { image: (of: Language) => of }, image: "image", variable: noImages, withoutPort };
  const admitted = reader.take("&&") ? and(valid, reader.conjunction(scope)) : valid;
  reader.expect(") )");
  return admitted;
}

/** The valid images, by the two expressions, which every policy has. */
const validImages = readingOnce((text) => {
  const { reference, imageId } = JSON.parse(text) as { reference: string; imageId: string };
  const place = "the variable `refused`";
  return asValidReferences(and(whole(reference, place), not(whole(imageId, place))), place);
});

/** The images of a variable that is `variables.references.filter(it, …).map(it, it.image)`. */
function listed(variables: Variables, name: string, subject: (of: Language) => Language): Language {
  const reader = new ConditionReader(celTokens(expressionOf(variables, name)));
  reader.expect("variables . references . filter ( it ,");
  const language = reader.condition(scopeOf(variables, name, subject));
  reader.expect(") . map ( it , it . image )");
  reader.expectEnd(name);
  return language;
}

/** What the variable of a name can refer to: a variable sees those before it alone, so this comes to an end. */
function scopeOf(variables: Variables, name: string, subject: (of: Language) => Language): Scope {
  return {
    subjects: { "it.image": (of) => of, "it.reference": subject },
    image: "it.image",
    variable: (other) => listed(before(variables, name), other, subject),
    withoutPort,
  };
}

function noImages(name: string): Language {
  throw new Unreadable(`the variable \`${name}\` holds no images that are looked for`);
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

export function expressionOf(variables: Variables, name: string): string {
  const expression = variables.get(name);
  if (expression === undefined) throw new Unreadable(`there is no variable \`${name}\``);
  return expression;
}

/** The variables of a text in their order, where the one validation asks that none of the images is refused. */
export const variablesOf = readingOnce((text: string): Variables => {
  const [found, ...more] = yamlDocumentsOf(text).flatMap(holdersOf);
  if (found === undefined || more.length > 0)
    throw new Unreadable("there is not one list of variables and validations");
  const { variables, validations, failurePolicy } = found;
  // What an expression fails on is allowed where this is not said.
  if (failurePolicy !== "Fail") throw new Unreadable("`failurePolicy` is not `Fail`");
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
});

/** Every mapping below a value that has both variables and validations. */
function holdersOf(value: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(holdersOf);
  if (!isMap(value)) return [];
  if (Object.hasOwn(value, "variables") && Object.hasOwn(value, "validations")) return [value];
  return Object.values(value).flatMap(holdersOf);
}
