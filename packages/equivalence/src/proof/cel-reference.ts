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

const onDockerHub = (path: string) => `'docker.io/' + (${path}.contains('/') ? '' : 'library/')`;

/** What comes before a short name: on Docker Hub, at another registry, or as the constraint says. */
const defaults = {
  hub: onDockerHub("image"),
  other: "'{default}'",
  parameter: `(variables.params.defaultRegistry in ['docker.io', 'index.docker.io'] ?
    ${onDockerHub("image")} : string(variables.params.defaultRegistry) + '/')`,
};

/** What becomes of a registry that is not Docker Hub's, by whether the zeros in front of its port are kept. */
const ports = {
  kept: "registry",
  dropped: `!registry.matches(':0+[0-9]+/$') ? registry :
    registry.replace(registry.find(':0+[0-9]+/$'), ':' + registry.find('[1-9][0-9]*/$|0/$'))`,
};

/** What comes behind the end, by whether a tag that is not written is. */
const tags = {
  unsaid: "",
  said: "+ (image.matches('{untagged}') ? ':latest' : '')",
};

const formOf = (shortName: string, registry: string, tag: string) => `variables.images.map(image, {
  'image': image,
  'reference':
    size(image) > 512 || !image.matches('{reference}') ? '' :
    image.matches('{inFull}') && !image.matches('{hub}') ? image :
    image.matches('{imageId}') ? '' :
    [image.find('{withRegistry}')].map(written, written == '' ?
      ${shortName} + image :
      [written.lowerAscii().replace(written.find('(?::0*443)?/$'), '/')].map(registry,
        (registry in ['docker.io/', 'index.docker.io/'] ?
          ${onDockerHub("image.substring(size(written))")} : ${registry}) +
        image.substring(size(written))
      )[0]
    )[0] ${tag},
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
  const shortNames = parameter === undefined ? [defaults.hub, defaults.other] : [defaults.parameter];
  for (const shortName of shortNames) {
    for (const registry of Object.values(ports)) {
      for (const tag of Object.values(tags)) {
        const texts = matchForm(formOf(shortName, registry, tag), expression);
        if (texts === undefined) continue;
        const isHub = shortName === defaults.hub || ["docker.io", "index.docker.io"].includes(parameter ?? "");
        const prefix = isHub ? undefined : (texts.default ?? `${parameter}/`);
        return referencesWith(texts, { prefix, keepsZeros: registry === ports.kept });
      }
    }
  }
  throw new Unreadable("the variable `references` is not of the form that is known");
});

/**
 * @param prefix what comes before a short name, where that is not on Docker Hub.
 */
function referencesWith(
  texts: Readonly<Record<string, string>>,
  { prefix, keepsZeros }: { readonly prefix: string | undefined; readonly keepsZeros: boolean },
): References {
  const { reference = "", inFull = "", hub = "", imageId = "", withRegistry = "", untagged } = texts;
  const isInFull = and(regex(inFull), not(regex(hub)));
  const isNamed = registryLanguage(withRegistry);
  const references = and(whole(reference, place), not(and(not(isInFull), whole(imageId, place))));
  const valid = asValidReferences(references, place);
  if (notIncluded(and(valid, isInFull), isNamed) !== undefined) {
    throw new Unreadable(`\`${inFull}\` takes a short name for one in full`);
  }
  const inLowerCase = keepsZeros ? inLowerCaseWithZeros : inLowerCaseWithoutZeros;
  /** From a set of references to the images that are not in full and become one of them, but for the tag. */
  const takenApart = (of: Language) =>
    or(
      // Docker Hub's registry is none with a port, so it is all one whether zeros are dropped before it is told or after.
      and(isNamed, preimage(onHub(of), inLowerCase)),
      and(not(isNamed), prefix === undefined ? pathOnHub(of) : preimage(of, prepending(prefix))),
    );
  return {
    valid,
    subject: (of) => or(and(isInFull, of), and(not(isInFull), tagged(takenApart, untagged, of))),
  };
}

/** What becomes one of a set of references where `:latest` is put behind what an expression says has neither tag nor digest. */
function tagged(takenApart: (of: Language) => Language, untagged: string | undefined, of: Language): Language {
  if (untagged === undefined) return takenApart(of);
  const isUntagged = regex(untagged);
  return or(and(isUntagged, takenApart(preimage(of, appending(":latest")))), and(not(isUntagged), takenApart(of)));
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

/** From a set of references to the paths on Docker Hub that make one of them. */
function pathOnHub(of: Language): Language {
  return or(
    and(withSlash, preimage(of, prepending("docker.io/"))),
    and(not(withSlash), preimage(of, prepending("docker.io/library/"))),
  );
}

/** From a set of references to the texts of registry and path that make one of them. */
function onHub(of: Language): Language {
  const isHub = or(beginningWith("docker.io/"), beginningWith("index.docker.io/"));
  return or(preimage(pathOnHub(of), replacingStart(hubs, "")), and(not(isHub), of));
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
