/** A part of a file that says which images are allowed. */
export interface Part {
  readonly at: number;
  readonly text: string;
}

/** The parts of what a target emits, one line or expression each. */
export const partsOf: Readonly<Record<string, (text: string) => Part[]>> = {
  "kyverno-cluster-policy": (text) => found(text, /(?<= {10}- list: \|-\n)[\s\S]*?(?=\n {12}deny:)/g).flatMap(lines),
  gatekeeper: (text) =>
    found(
      text,
      /^ {4}(?:defaultRegistry|allow|deny|denyTags|require):.*$|^ {6}(?:expression|registry|tag|digest): .*$/gm,
    ),
  "gatekeeper-cel": (text) =>
    found(
      text,
      /^ {4}(?:defaultRegistry|allow|deny|denyTags|require):.*$|^ {6}(?:names:|(?:expression|registry|tag|digest): .*)$|^ {8}\S+: true$/gm,
    ),
  "kyverno-validating-policy": celLines,
  "validating-admission-policy": celLines,
  opa: (text) => found(text, /"images": \{\n[\s\S]*?\n {6}\}/g),
};

/** The calls in a text of Rego that have an expression. */
export function regoExpressions(text: string): Part[] {
  return found(text, /regex\.\w+\([^`\n]*`[^`\n]*`/g);
}

/** The lines of the variables of Gatekeeper's template in CEL that say what images and parameters mean. */
export function celTemplateLines(text: string): Part[] {
  const meaning = ["references", "refused"];
  return celVariables(text)
    .filter(({ name }) => meaning.includes(name))
    .flatMap(({ part }) => lines(part));
}

/** The lines of the variables behind `images`, up to `refused`. */
function celLines(text: string): Part[] {
  return celVariables(text).flatMap(({ part }) => lines(part));
}

function celVariables(text: string): { readonly name: string; readonly part: Part }[] {
  const variables = found(text, /^ *- name: .*\n(?:(?! *- name: ).*\n)*/gm).map((part) => ({
    name: /- name: (.*)/.exec(part.text)?.[1] ?? "",
    part,
  }));
  const [images, refused] = ["images", "refused"].map((name) =>
    variables.findIndex((variable) => variable.name === name),
  );
  return variables.slice((images ?? -1) + 1, (refused ?? -1) + 1);
}

/** Comments are none of them. */
function lines({ at, text }: Part): Part[] {
  return found(text, /^(?! *\/\/).+$/gm).map((line) => ({ at: at + line.at, text: line.text }));
}

function found(text: string, form: RegExp): Part[] {
  return [...text.matchAll(form)].map(({ index, 0: part }) => ({ at: index, text: part }));
}

/** A text with one character changed. */
export interface Mutant {
  readonly text: string;
  /** What stands there, for a report. */
  readonly place: string;
}

/** Each character of a part changed into another, one at a time; blanks are left alone. */
export function* mutantsOf(text: string, part: Part): Generator<Mutant> {
  for (let index = 0; index < part.text.length; index += 1) {
    const at = part.at + index;
    const character = text[at] ?? "";
    if (/\s/.test(character)) continue;
    const other = character === "a" ? "b" : "a";
    yield {
      text: text.slice(0, at) + other + text.slice(at + 1),
      place: `${text.slice(Math.max(0, at - 20), at)}»${character}`,
    };
  }
}
