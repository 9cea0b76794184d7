import {
  allBut,
  and,
  anySymbol,
  anything,
  choice,
  type Expression,
  type Language,
  loweringCase,
  matching,
  not,
  nothing,
  notIncluded,
  oneOf,
  or,
  parseAlternatives,
  parseExpression,
  preimage,
  repeat,
  sequence,
  setOf,
  text,
} from "@registry-policy/automata";
import { maximumReferenceLength } from "@registry-policy/language";
import type { JmespathReader } from "./jmespath-reader.js";
import { subjectsOf } from "./jmespath-subjects.js";
import { type Subjects, Unreadable } from "./proof.js";
import { anchored } from "./reference-grammar.js";

/**
 * The images, of those of at most 512 characters and with at most one `@`, for which the condition of a filter holds: for
 * each of its alternatives, those for which that one does.
 *
 * @throws Unreadable for a condition of a form that is not emitted, or that does not hold for every longer image.
 */
export function filterCondition(reader: JmespathReader, subjects: Subjects): readonly Language[] {
  const alternatives: Language[] = [];
  let isBounded = false;
  do {
    const ofLength = reader.take("length(") ? lengthAndForm(reader, subjects) : undefined;
    alternatives.push(ofLength?.language ?? conjunction(reader, subjects));
    isBounded ||= ofLength?.isOfEveryLonger ?? false;
  } while (reader.take("||"));
  if (!isBounded) throw new Unreadable("the list does not refuse every image of more than 512 characters");
  return alternatives;
}

function condition(reader: JmespathReader, subjects: Subjects): Language {
  const alternatives = [conjunction(reader, subjects)];
  while (reader.take("||")) alternatives.push(conjunction(reader, subjects));
  return or(...alternatives);
}

function conjunction(reader: JmespathReader, subjects: Subjects): Language {
  const all = [factor(reader, subjects)];
  while (reader.take("&&")) all.push(factor(reader, subjects));
  return and(...all);
}

function factor(reader: JmespathReader, subjects: Subjects): Language {
  if (reader.take("!")) return not(factor(reader, subjects));
  if (reader.take("(")) {
    const more = subjectsOf(reader, subjects);
    if (more !== undefined) reader.expect("(");
    const inner = condition(reader, more ?? subjects);
    if (more !== undefined) reader.expect(")");
    reader.expect(")");
    return inner;
  }
  if (reader.take("regex_match(")) {
    const expression = regex(reader.text());
    reader.expect(",");
    const subject = subjectOf(reader, subjects);
    reader.expect(")");
    return subject(expression);
  }
  if (reader.take("contains(")) return containing(reader, subjects);
  if (reader.take("length(split(")) return otherThanBehindAt(reader, subjects);
  if (reader.take("[")) return anyCandidate(reader, subjects);
  const subject = subjectOf(reader, subjects);
  reader.expect("== ''");
  return subject(matching(text("")));
}

/** The texts in which there is a match of an expression. */
function regex(expression: string): Language {
  return matching(parseExpression(expression));
}

/** `contains(@, 'a')`, or a list in which a candidate is. */
function containing(reader: JmespathReader, subjects: Subjects): Language {
  if (reader.isAtLiteral) {
    const names = reader.texts();
    reader.expect(",");
    const listed = candidate(reader, subjects)(names);
    reader.expect(")");
    return listed;
  }
  const subject = subjectOf(reader, subjects);
  reader.expect(",");
  const part = reader.text();
  reader.expect(")");
  return subject(matching(sequence(anything, text(part), anything)));
}

/**
 * `length(split(@, '@sha256:')[1] || '') != \`64\` && !regex_match('@…', @)`: what stands behind the `@`, of which there
 * is one at the most, is neither so long nor of this form.
 */
function otherThanBehindAt(reader: JmespathReader, subjects: Subjects): Language {
  image(reader, subjects);
  reader.expect(",");
  const separator = reader.text();
  reader.expect(")[1] || '') !=");
  const count = reader.count();
  reader.expect("&& !regex_match(");
  const form = reader.text();
  reader.expect(",");
  image(reader, subjects);
  reader.expect(")");
  if (!separator.startsWith("@")) throw reader.unknown("@");
  if (count === 0 || count > maximumReferenceLength) throw reader.unknown("`64`");
  const ofLength = sequence(notAt, text(separator), repeat(oneOf(anySymbol), count, count));
  const ofForm = parseAlternatives(form).map(({ items, atStart, atEnd }) => {
    if (items[0] !== at || atStart || !atEnd) throw reader.unknown("`@…$`");
    return sequence(notAt, ...items);
  });
  return and(not(matching(ofLength)), not(matching(choice(...ofForm))));
}

/** A match begins at the one `@`: where it might begin anywhere, it would take far more states. */
const at = oneOf(setOf("@"));
const notAt = repeat(oneOf(allBut(setOf("@"))), 0);

/**
 * `length(@) > \`128\` && regex_match('…', @)`, which holds for every image or tag that is too long, or `==` and any
 * expression: the length only spares Kyverno the expression, which matches no text of another length.
 */
function lengthAndForm(
  reader: JmespathReader,
  subjects: Subjects,
): { readonly language: Language; readonly isOfEveryLonger: boolean } {
  image(reader, subjects);
  reader.expect(")");
  const isExact = reader.take("==");
  if (!isExact) reader.expect(">");
  const count = reader.count();
  reader.expect("&& regex_match(");
  const written = reader.text();
  const form = isExact ? anchored(written) : tooLong.get(written);
  if (form === undefined) throw reader.unknown("an expression for what is of this length");
  reader.expect(",");
  image(reader, subjects);
  reader.expect(")");
  const isOfLength = isExact ? isAllOfLength(form, count) : count < leastLengthOfTooLong;
  if (!isOfLength) throw reader.unknown("another length");
  return { language: form, isOfEveryLonger: !isExact };
}

function isAllOfLength(language: Language, length: number): boolean {
  return notIncluded(language, matching(repeat(oneOf(anySymbol), length, length))) === undefined;
}

/*
 * The expressions for what is too long. With one character changed they can have more states than there is room for, so
 * that they are not read as others are.
 */
const longestTag = 128;
const leastLengthOfTooLong = longestTag + 2;
const tooLong: ReadonlyMap<string, Language> = new Map(
  ["^(?:.*/)?", "/"].map((start) => {
    const tag = `${start}[^/:@]*:[^/@]{${longestTag + 1}}[^/]*$`;
    return [`.{${maximumReferenceLength + 1}}|${tag}`, regex(tag)];
  }),
);

/** `[name, join('/', …)][?contains(\`["…"]\`, @)]`: whether one of several candidates is listed. */
function anyCandidate(reader: JmespathReader, subjects: Subjects): Language {
  const candidates = [candidate(reader, subjects)];
  while (reader.take(",")) candidates.push(candidate(reader, subjects));
  reader.expect("] [? contains(");
  const names = reader.texts();
  reader.expect(", @) ]");
  return or(...candidates.map((listed) => listed(names)));
}

/** What an image is looked up as: from names to the images that are looked up as one of them. */
function candidate(reader: JmespathReader, subjects: Subjects): (names: readonly string[]) => Language {
  const isFolder = reader.take("join('/', [split(");
  const subject = subjectOf(reader, subjects);
  let expressions = (name: string): Expression[] => [text(name)];
  if (isFolder) {
    reader.expect(", '/') [:-1] | [:");
    const depth = Number(reader.sign());
    if (!Number.isInteger(depth) || depth < 1) throw reader.unknown("a depth");
    reader.expect("], ''] [] )");
    expressions = (name) => foldersOf(name, depth);
  }
  return (names) => {
    const all = names.flatMap(expressions);
    return all.length === 0 ? nothing : subject(matching(choice(...all)));
  };
}

/** The texts whose first components, as many as `depth` but for the last of all, make the folder. */
function foldersOf(folder: string, depth: number): Expression[] {
  if (folder === "") return [notSlash];
  const components = folder.split("/").length - 1;
  if (!folder.endsWith("/") || components > depth) return [];
  return [sequence(text(folder), components === depth ? anything : notSlash)];
}

const notSlash = repeat(oneOf(allBut(setOf("/"))), 0);

/** `@`, a field, or one of them in lower case. */
function subjectOf(reader: JmespathReader, subjects: Subjects): (of: Language) => Language {
  if (reader.take("to_lower(")) {
    const inner = subjectOf(reader, subjects);
    reader.expect(")");
    return (of) => inner(preimage(of, loweringCase));
  }
  const name = reader.sign();
  const subject = Object.hasOwn(subjects, name) ? subjects[name] : undefined;
  if (subject === undefined) throw reader.unknown("`@`");
  return subject;
}

/** The image itself, whatever it is called. */
function image(reader: JmespathReader, subjects: Subjects): (of: Language) => Language {
  const subject = subjectOf(reader, subjects);
  if (subject !== identity) throw reader.unknown("the image");
  return subject;
}

export const identity = (of: Language): Language => of;
