import {
  and,
  choice,
  type Language,
  loweringCase,
  matching,
  not,
  or,
  parseAlternatives,
  parseExpression,
  preimage,
  prepending,
  replacingStart,
  sequence,
  text,
} from "@registry-policy/automata";
import type { JmespathReader } from "./jmespath-reader.js";
import { nameExpression, nameOfReference } from "./jmespath-rewritings.js";
import type { Subjects } from "./proof.js";
import { asWithRegistry } from "./reference-grammar.js";

type Subject = (of: Language) => Language;

/**
 * The object in which a condition finds what it looks at, `{image: @, reference: …} | {…, name: …} |`; undefined if
 * there is none.
 */
export function subjectsOf(reader: JmespathReader, subjects: Subjects): Subjects | undefined {
  const image = subjects["@"];
  if (image === undefined || !reader.take("{image: @, reference:")) return undefined;
  const reference = referenceOf(reader, image);
  reader.expect("} |");
  if (!reader.take("{image: image, reference: reference, name: to_lower(regex_replace_all("))
    return { image, reference };
  if (reader.text() !== nameExpression) throw reader.unknown(nameExpression);
  reader.expect(", reference, '$1'))} |");
  return { image, reference, name: (of) => reference(preimage(preimage(of, loweringCase), nameOfReference)) };
}

/** The image with its registry, in the steps that a policy needs. */
function referenceOf(reader: JmespathReader, image: Subject): Subject {
  if (reader.take("@")) return image;
  if (reader.take("(regex_match(")) {
    const named = asWithRegistry(matching(parseExpression(reader.text())), "the list");
    reader.expect(", @) && @ || join('/', [");
    const registry = reader.text();
    reader.expect(", @]))");
    // An empty text is false, whatever the expression says of it.
    const kept = and(named, notEmpty);
    return (of) => image(or(and(kept, of), and(not(kept), preimage(of, prepending(`${registry}/`)))));
  }
  reader.expect("regex_replace_all(");
  const expression = reader.text();
  reader.expect(",");
  const inner = referenceOf(reader, image);
  reader.expect(",");
  const replacement = reader.text();
  reader.expect(")");
  if (expression === official && replacement === "docker.io/library/$1") return (of) => inner(inLibrary(of));
  const alternatives = parseAlternatives(expression);
  if (replacement.includes("$") || alternatives.some(({ atStart, atEnd }) => !atStart || atEnd)) {
    throw reader.unknown("a beginning that is replaced");
  }
  const start = choice(...alternatives.map(({ items }) => sequence(...items)));
  const isReplaced = matching(parseExpression(expression));
  return (of) =>
    inner(or(preimage(preimage(of, prepending(replacement)), replacingStart(start, "")), and(not(isReplaced), of)));
}

const notEmpty = not(matching(text("")));

/** A repository of one component on Docker Hub, with what stands behind it. */
const official = "^docker[.]io/([^/]+)$";
const isOfficial = matching(parseExpression(official));

function inLibrary(of: Language): Language {
  const moved = preimage(preimage(of, prepending("docker.io/library/")), replacingStart(text("docker.io/"), ""));
  return or(and(isOfficial, moved), and(not(isOfficial), of));
}
