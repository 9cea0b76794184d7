import {
  and,
  anything,
  appending,
  beginningWith,
  choice,
  type Language,
  matching,
  not,
  notIncluded,
  oneOf,
  or,
  parseAlternatives,
  parseExpression,
  preimage,
  prepending,
  replacingStart,
  sequence,
  setOf,
  type Transducer,
  text,
  transducing,
} from "@registry-policy/automata";
import { matchForm } from "./cel-tokens.js";
import { Unreadable } from "./proof.js";
import { readingOnce } from "./reading-once.js";
import { asValidReferences, asWithRegistry, whole } from "./reference-grammar.js";

/*
 * The variable `references`, which holds what images are called in full. That `lowerAscii`, `replace` and `substring` do
 * what is said of them here is taken from the definition of CEL's strings extension.
 */

const located = `variables.images.map(image, {
  'image': image,
  'reference':
    size(image) > 512 || !image.matches('{reference}') ? '' :
    image.matches('{inFull}') && !image.matches('{hub}') ? image :
    image.matches('{imageId}') ? '' :
    [image.find('{withRegistry}')]
      .map(written, {
        'registry': written == '' ? {default} :
          written.lowerAscii().replace(written.find('(?::0*443)?/$'), '/'),
        'path': image.substring(size(written)),
      })`;

const withoutZeros = `
      .map(it, {
        'registry': !it.registry.matches(':0+[0-9]+/$') ? it.registry :
          it.registry.replace(it.registry.find(':0+[0-9]+/$'), ':' + it.registry.find('[1-9][0-9]*/$|0/$')),
        'path': it.path,
      })`;

const inFull = `
      .map(it, it.registry in ['docker.io/', 'index.docker.io/'] ?
        'docker.io/' + (it.path.contains('/') ? '' : 'library/') + it.path : it.registry + it.path)`;

const withLatest = `
      .map(reference, reference.matches('{untagged}') ? reference + ':latest' : reference)`;

const end = `[0],
})`;

const place = "the variable `references`";

/** What is read off the variable `references`. */
export interface References {
  /** The images that have a reference. */
  readonly valid: Language;
  /** From a set of references in full to the images that have one of them; of what is not valid it says nothing. */
  readonly subject: (of: Language) => Language;
}

/**
 * Reads the variable `references`.
 *
 * @param parameter the registry for short names, where it is a parameter of the constraint and none of the expression.
 * @throws Unreadable for one of another form.
 */
export function referencesOf(expression: string, parameter?: string): References {
  return referencesIn(JSON.stringify({ expression, parameter }));
}

const referencesIn = readingOnce((text): References => {
  const { expression, parameter } = JSON.parse(text) as { expression: string; parameter?: string };
  const fallback = parameter === undefined ? "'{default}'" : "string(variables.params.defaultRegistry) + '/'";
  for (const zeros of ["", withoutZeros]) {
    for (const latest of ["", withLatest]) {
      const form = located.replace("{default}", fallback) + zeros + inFull + latest + end;
      const texts = matchForm(form, expression);
      const own = parameter === undefined ? {} : { default: `${parameter}/` };
      if (texts !== undefined) return referencesWith({ ...texts, ...own }, { keepsZeros: zeros === "" });
    }
  }
  throw new Unreadable("the variable `references` is not of the form that is known");
});

function referencesWith(texts: Readonly<Record<string, string>>, { keepsZeros }: { keepsZeros: boolean }): References {
  const { reference = "", inFull = "", hub = "", imageId = "", withRegistry = "", untagged } = texts;
  const isInFull = and(regex(inFull), not(regex(hub)));
  const named = registryLanguage(withRegistry);
  const references = and(whole(reference, place), not(and(not(isInFull), whole(imageId, place))));
  const valid = asValidReferences(references, place);
  if (notIncluded(and(valid, isInFull), named) !== undefined) {
    throw new Unreadable(`\`${inFull}\` takes a short name for one in full`);
  }
  const inLowerCase = keepsZeros ? inLowerCaseWithZeros : inLowerCaseWithoutZeros;
  return {
    valid,
    subject(of) {
      const normalised = onHub(untagged === undefined ? of : taggedSubject(untagged, of));
      return or(
        and(named, or(and(isInFull, of), and(not(isInFull), preimage(normalised, inLowerCase)))),
        and(not(named), preimage(normalised, prepending(texts.default ?? ""))),
      );
    },
  };
}

function taggedSubject(untagged: string, of: Language): Language {
  const isUntagged = regex(untagged);
  return or(and(isUntagged, preimage(of, appending(":latest"))), and(not(isUntagged), of));
}

function regex(expression: string): Language {
  return matching(parseExpression(expression));
}

/** The images in which an expression finds the registry that they begin with. */
function registryLanguage(withRegistry: string): Language {
  const alternatives = parseAlternatives(withRegistry);
  const found = matching(choice(...alternatives.map(({ items }) => sequence(...items))));
  const isAtStart = alternatives.every(({ atStart, atEnd }) => atStart && !atEnd);
  if (!isAtStart || notIncluded(found, regex("^[^/]*/$")) !== undefined) {
    throw new Unreadable(`\`${withRegistry}\` finds something else than the text up to the first \`/\``);
  }
  return asWithRegistry(regex(withRegistry), place);
}

const withSlash = matching(sequence(anything, oneOf(setOf("/")), anything));
const hubs = sequence(choice(text("docker.io/"), text("index.docker.io/")));

/** From a set of references to the texts of registry and path that make one of them. */
function onHub(of: Language): Language {
  const path = or(
    and(withSlash, preimage(of, prepending("docker.io/"))),
    and(not(withSlash), preimage(of, prepending("docker.io/library/"))),
  );
  const isHub = or(beginningWith("docker.io/"), beginningWith("index.docker.io/"));
  return or(preimage(path, replacingStart(hubs, "")), and(not(isHub), of));
}

/**
 * A valid image that begins with a registry: that registry in lower case, without the port 443.
 *
 * @param zero what becomes of a zero in front of another port.
 */
function normalisedRegistry(zero: "" | "0"): Transducer {
  return {
    start: "host",
    final: ["rest"],
    step(state, character) {
      const isDigit = /[0-9]/.test(character);
      switch (state) {
        case "rest":
          return [["rest", character]];
        case "host":
          if (character === "/") return [["rest", "/"]];
          if (character === "[") return [["address", "["]];
          if (character !== ":") return [["host", character.toLowerCase()]];
          return [
            ["dropped", ""],
            ["kept", ":"],
          ];
        case "address":
          return [[character === "]" ? "host" : "address", character.toLowerCase()]];
        // The port 443, which has to be it.
        case "dropped":
          return character === "0" ? [["dropped", ""]] : character === "4" ? [["dropped4", ""]] : [];
        case "dropped4":
          return character === "4" ? [["dropped44", ""]] : [];
        case "dropped44":
          return character === "3" ? [["dropped443", ""]] : [];
        case "dropped443":
          return character === "/" ? [["rest", "/"]] : [];
        // Any other port, which must not be it; the states say how much of 443 was read.
        case "kept":
          if (character !== "0") return character === "4" ? [["kept4", "4"]] : isDigit ? [["other", character]] : [];
          return [
            ["kept", zero],
            ["zero", "0"],
          ];
        case "zero":
          return character === "/" ? [["rest", "/"]] : [];
        case "kept443":
          return isDigit ? [["other", character]] : [];
        default: {
          if (character === "/") return [["rest", "/"]];
          const next = { kept4: "4", kept44: "3" }[state];
          if (character === next) return [[state === "kept4" ? "kept44" : "kept443", character]];
          return isDigit ? [["other", character]] : [];
        }
      }
    },
  };
}

const inLowerCaseWithZeros = transducing(normalisedRegistry("0"));
const inLowerCaseWithoutZeros = transducing(normalisedRegistry(""));

const leavingPortOut = transducing({
  start: "host",
  final: ["rest"],
  step(state, character) {
    if (state === "rest") return [["rest", character]];
    if (character === "/") return [["rest", "/"]];
    if (state === "port") return /[0-9]/.test(character) ? [["port", ""]] : [];
    if (state === "address") return [[character === "]" ? "host" : "address", character]];
    if (character === ":") return [["port", ""]];
    return [[character === "[" ? "address" : "host", character]];
  },
});

/** From a set of references without a port to the references that become one of them. */
export function withoutPort(of: Language): Language {
  return preimage(of, leavingPortOut);
}
