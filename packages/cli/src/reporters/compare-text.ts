import { type Comparison, type Difference, ordinaryUser, type SideVerdict } from "@registry-policy/equivalence";
import { escapeText } from "@registry-policy/language";
import { stringify } from "yaml";
import { type Paint, painter } from "../paint.js";
import { wrapText } from "./wrap-text.js";

interface View {
  readonly columns: number;
  readonly colour: boolean;
}

/** The head of the report of `compare` for a person: who is LEFT and who is RIGHT. */
export function comparedText({ left, right }: Pick<Comparison, "left" | "right">, { columns }: View): string {
  const lines = [
    ["LEFT ", left],
    ["RIGHT", right],
  ] as const;
  const wrapped = lines.flatMap(([name, { title, judge }]) =>
    namedLines(name, `${title}, judged by ${judge}`, columns),
  );
  return `${wrapped.join("\n")}\n\n`;
}

/** One difference of the report, as soon as it is found. */
export function differenceText(difference: Difference, number: number, { columns, colour }: View): string {
  return `${differenceLines(difference, number, columns, painter(colour)).join("\n")}\n\n`;
}

/** The end of the report: what was asked, and what that shows. */
export function askedText({ direction, differences, notes, isProof, asked }: Comparison, { columns }: View): string {
  const { requests, images, kinds, fields, operations, namespaces } = asked;
  const of = [
    counted(images, "image"),
    counted(kinds.length, "kind"),
    counted(fields.length, "field"),
    counted(operations.length, "operation"),
    counted(namespaces.length, "namespace"),
  ].join(", ");
  const found =
    differences.length === 0
      ? noneFound(direction)
      : `${counted(differences.length, "difference")}, one for each cause`;
  const shows = isProof
    ? "beyond this test it was proved, by the patterns and scopes of both, that there is none for any image"
    : "this is a test and not a proof";
  const summary = `${found}: ${requests} requests were asked about, made of ${of}${sampledText(asked)}; ${shows}`;
  const noted = notes.flatMap((note) => wrapText(`note: ${note}`, columns));
  return `${[...noted, ...wrapText(summary, columns)].join("\n")}\n`;
}

function noneFound(direction: Comparison["direction"]): string {
  if (direction === undefined) return "no difference was found";
  return direction === "allowed"
    ? "nothing was found to be allowed by RIGHT alone"
    : "nothing was found to be allowed by LEFT alone";
}

/** What was left out, where texts are long; nothing, where all was asked. */
function sampledText({ names, thingsApart }: Comparison["asked"]): string {
  const { found, asked, telling, inEveryForm } = names;
  const isCut = asked < found;
  const words = [
    ...(isCut ? [`${asked} were asked about`] : []),
    ...(inEveryForm < telling
      ? [isCut ? `${inEveryForm} of them in every form` : `${inEveryForm} were asked about in every form`]
      : []),
  ];
  const left = [
    ...(words.length === 0 ? [] : [`of ${found} words that may be names ${words.join(", ")}`]),
    ...(thingsApart === undefined ? [] : [`no more than ${thingsApart} things differ from the plainest request`]),
  ];
  return left.length === 0 ? "" : `; they are a sample: ${left.join(", ")}`;
}

function differenceLines(difference: Difference, number: number, columns: number, paint: Paint): string[] {
  const { direction, cause, review, left, right } = difference;
  const sign = direction === "allowed" ? paint("bad", "+") : paint("good", "-");
  const became = direction === "allowed" ? "RIGHT allows what LEFT refuses" : "RIGHT refuses what LEFT allows";
  const { operation, subResource, namespace, userInfo } = review.request;
  const labels = Object.entries(review.namespaceLabels ?? {}).map(([name, value]) => `${name}=${value}`);
  const { username, groups = [] } = userInfo;
  const isOrdinary = username === ordinaryUser.name && groups.join() === ordinaryUser.groups.join();
  const request = [
    subResource === undefined ? operation : `${operation} of ${subResource}`,
    ...(namespace === "default" ? [] : [`in the namespace ${namespace}`]),
    ...(labels.length === 0 ? [] : [`labelled ${labels.join(",")}`]),
    ...(isOrdinary ? [] : [`by ${username} of the group ${groups.join(", ")}`]),
  ].join(" ");
  const [first = "", ...more] = wrapText(escapeText(cause), columns - 5);
  return [
    `${number}. ${sign} ${paint("strong", first)}`,
    ...more.map((line) => `     ${paint("strong", line)}`),
    ...wrapText(`${became}: ${escapeText(request)}`, columns - 5).map((line) => `     ${paint("quiet", line)}`),
    ...sideLines("LEFT ", left, columns),
    ...sideLines("RIGHT", right, columns),
    "",
    ...manifestText(difference)
      .trimEnd()
      .split("\n")
      .map((line) => (line === "" ? "" : `    ${line}`)),
  ];
}

/** What can be pasted: for an update the object before it, too, and what adds to it what cannot be applied. */
function manifestText({ manifest, manifestBefore, review }: Difference): string {
  // Labels that stand twice in it are written twice, as people write them.
  const written = (object: object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
  const text = written(manifest);
  if (review.request.subResource === "ephemeralcontainers") {
    return `# \`kubectl debug\` adds \`ephemeralContainers\` to a Pod that is there\n${text}`;
  }
  if (manifestBefore === undefined) return text;
  return `# first\n${written(manifestBefore)}---\n# then, in its place\n${text}`;
}

function sideLines(name: string, { outcome, verdict, messages, error }: SideVerdict, columns: number): string[] {
  const said = messages.length > 0 ? messages.join("; ") : (error ?? "");
  const words = said === "" ? `${outcome} (${verdict})` : `${outcome} (${verdict}): ${escapeText(said)}`;
  return namedLines(name, words, columns - 5).map((line) => `     ${line}`);
}

/** A text behind the name of a side. */
function namedLines(name: string, words: string, columns: number): string[] {
  return wrapText(words, columns - 7).map((line, index) => `${index === 0 ? name : "     "}  ${line}`);
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
