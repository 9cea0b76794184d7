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
import { recognised } from "./recognised.js";

/*
 * The variables `located` and `references`, which hold what images are called in full. That `lowerAscii`, `replace`
 * and `substring` do what is said of them here is taken from the definition of CEL's strings extension.
 */

const locatedForm = `variables.valid
  .map(image, {'image': image, 'written': image.find('{withRegistry}')})
  .map(it, {
    'image': it.image,
    'registry': it.written == '' ? '{default}' :
      it.written.lowerAscii().replace(it.written.find('(?::0*443)?/$'), '/'),
    'path': it.image.substring(size(it.written)),
  })`;

const withoutZeros = `
  .map(it, {
    'image': it.image,
    'registry': !it.registry.matches(':0+[0-9]+/$') ? it.registry :
      it.registry.replace(it.registry.find(':0+[0-9]+/$'), ':' + it.registry.find('[1-9][0-9]*/$|0/$')),
    'path': it.path,
  })`;

const referencesForm = `variables.located.map(it, {
  'image': it.image,
  'reference': it.registry in ['docker.io/', 'index.docker.io/'] ?
    'docker.io/' + (it.path.contains('/') ? '' : 'library/') + it.path : it.registry + it.path,
})`;

const withLatest = `.map(it, {
  'image': it.image,
  'reference': it.reference.matches('{untagged}') ? it.reference + ':latest' : it.reference,
})`;

/** From a set of references in full to the valid images that have one of them. */
export function referenceSubject(located: string, references: string): (of: Language) => Language {
  const registries = locatedSubject(located);
  const plain = matchForm(referencesForm, references);
  if (plain !== undefined) return (of) => registries(onHub(of));
  const { untagged } = matchForm(referencesForm + withLatest, references) ?? {};
  if (untagged === undefined) throw new Unreadable("the variable `references` is not of the form that is known");
  const isUntagged = matching(parseExpression(untagged));
  return (of) => registries(onHub(or(and(isUntagged, preimage(of, appending(":latest"))), and(not(isUntagged), of))));
}

function locatedSubject(expression: string): (of: Language) => Language {
  const kept = matchForm(locatedForm, expression);
  const { withRegistry, default: fallback } = kept ?? matchForm(locatedForm + withoutZeros, expression) ?? {};
  if (withRegistry === undefined || fallback === undefined) {
    throw new Unreadable("the variable `located` is not of the form that is known");
  }
  const alternatives = parseAlternatives(withRegistry);
  const found = matching(choice(...alternatives.map(({ items }) => sequence(...items))));
  const isAtStart = alternatives.every(({ atStart, atEnd }) => atStart && !atEnd);
  if (!isAtStart || notIncluded(found, matching(parseExpression("^[^/]*/$"))) !== undefined) {
    throw new Unreadable(`\`${withRegistry}\` finds something else than the text up to the first \`/\``);
  }
  const named = recognised(matching(parseExpression(withRegistry)));
  const normalising = transducing(kept === undefined ? normalisedRegistry("") : normalisedRegistry("0"));
  return (of) => or(and(named, preimage(of, normalising)), and(not(named), preimage(of, prepending(fallback))));
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
