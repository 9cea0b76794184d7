import { anything, choice, type Expression, oneOf, optional, repeat, sequence, text } from "./expression.js";
import { and, type Language, matching, not, or } from "./language.js";
import { allBut, rangeOf, setOf } from "./symbols.js";

/*
 * The texts that are image references, written straight from the language reference and not from the expressions of
 * the compiler: what the two have in common would not be found by comparing them.
 */

const lower = rangeOf("a", "z");
const upper = rangeOf("A", "Z");
const digits = rangeOf("0", "9");
const hexadecimal = oneOf(digits | rangeOf("a", "f"));
const hostCharacter = lower | upper | digits;

export const slash: Expression = text("/");
/** `:` and digits, or neither: `:0443`. */
const anyPort = optional(sequence(text(":"), repeat(oneOf(digits), 1)));

const labelEnd = oneOf(hostCharacter);
const label = sequence(labelEnd, optional(sequence(repeat(oneOf(hostCharacter | setOf("-")), 0), labelEnd)));
const hostName = sequence(label, repeat(sequence(text("."), label), 0));
const address = sequence(
  text("["),
  repeat(oneOf(digits | rangeOf("a", "f") | rangeOf("A", "F") | setOf(":")), 1),
  text("]"),
);
const registry = sequence(choice(hostName, address), anyPort);

const alphanumerics = repeat(oneOf(lower | digits), 1);
const separator = choice(text("."), text("_"), text("__"), repeat(text("-"), 1));
const component = sequence(alphanumerics, repeat(sequence(separator, alphanumerics), 0));
const repository = sequence(component, repeat(sequence(slash, component), 0));

const tagStart = hostCharacter | setOf("_");
const tag = sequence(oneOf(tagStart), repeat(oneOf(tagStart | setOf(".-")), 0, 127));
const digest = choice(
  ...(
    [
      ["sha256:", 64],
      ["sha384:", 96],
      ["sha512:", 128],
    ] as const
  ).map(([name, length]) => sequence(text(name), repeat(hexadecimal, length, length))),
);
const suffix = sequence(optional(sequence(text(":"), tag)), optional(sequence(text("@"), digest)));

const notSlash = repeat(oneOf(allBut(setOf("/"))), 0);

/** The texts in which what stands before the first `/` reads as a registry. */
export const withRegistry: Language = matching(
  choice(
    sequence(notSlash, oneOf(setOf(".:") | upper), notSlash, slash, anything),
    sequence(text("localhost/"), anything),
  ),
);

const imageId = matching(repeat(hexadecimal, 64, 64));

/** The valid references, of any length. */
export const validReferences: Language = and(
  not(imageId),
  or(
    and(withRegistry, matching(sequence(registry, slash, repository, suffix))),
    and(not(withRegistry), matching(sequence(repository, suffix))),
  ),
);

/** Every way in which Docker Hub's registry is written, with the `/` after it. */
export const hubSpelling: Expression = sequence(
  optional(text("index.", true)),
  text("docker.io", true),
  optional(sequence(text(":"), repeat(text("0"), 0), text("443"))),
  slash,
);

/** The texts that begin with Docker Hub's registry, written. */
export const onHub: Language = matching(sequence(hubSpelling, anything));

/** Of a valid reference, all in front of its tag and digest. */
export const name: Expression = sequence(repeat(sequence(notSlash, slash), 0), repeat(oneOf(allBut(setOf("/:@"))), 1));

/** Of valid references, those with neither tag nor digest; those with a digest. */
export const untagged: Language = matching(name);
export const withDigest: Language = matching(sequence(anything, text("@"), anything));
