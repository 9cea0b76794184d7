import { readDocuments } from "@registry-policy/language";
import { isMap, isSeq, parseAllDocuments, stringify } from "yaml";
import { isFixtures, parseFixtures } from "../fixtures/parse-fixtures.js";
import type { GeneratedCase } from "./generated-requests.js";

/**
 * A file of fixtures with one more case, everything else in it as it was: in the list that the file ends with, if that
 * is one of the policy's, else in a document of its own.
 *
 * @param text of the file; absent: there is none yet.
 * @param policy the name of the policy that the case is for.
 * @returns `undefined` where the file has a case of that name already.
 * @throws Error if the file would not read back as it should.
 */
export function withKept(text: string | undefined, policy: string, kept: GeneratedCase): string | undefined {
  const before = text === undefined ? [] : casesIn(text);
  if (before.some(({ name }) => name === kept.name)) return undefined;
  const { name, parts, expect } = kept;
  const written = { name, ...parts, expect: expect.images === undefined ? expect.verdict : expect };
  const document = toYaml({ apiVersion: "registry-policy.dev/v1", kind: "Fixtures", policy, cases: [written] });
  const whole = text === undefined || text.trim() === "" ? document : `${ended(text)}---\n${document}`;
  const candidates = [...(text === undefined ? [] : inLastList(text, policy, toYaml([written]))), whole];
  const found = candidates.find((candidate) => isRight(candidate, before.length, kept));
  if (found === undefined) throw new Error(`the request \`${name}\` does not read back from a file of fixtures`);
  return found;
}

/** The text with an item behind the last one of the list that it ends with, if there is such a list for the policy. */
function inLastList(text: string, policy: string, item: string): string[] {
  const last = parseAllDocuments(text, { logLevel: "silent" }).at(-1);
  if (last === undefined || !("contents" in last) || !isMap(last.contents)) return [];
  const cases = last.contents.get("cases", true);
  const isOther = last.contents.has("policy") && last.contents.get("policy") !== (policy as unknown);
  if (!isSeq(cases) || cases.flow === true || isOther) return [];
  const [start = 0] = cases.range ?? [];
  const indent = text.slice(text.lastIndexOf("\n", start) + 1, start);
  if (/\S/.test(indent)) return [];
  const gap = /\n[ \t]*\n[ \t]*- /.test(text.slice(start)) ? "\n" : "";
  return [ended(text) + gap + item.replaceAll(/^(?=.)/gm, indent)];
}

function isRight(text: string, count: number, kept: GeneratedCase): boolean {
  const cases = casesIn(text);
  const last = cases.at(-1);
  const withoutUid = ({ request: { uid: _, ...request }, ...rest }: GeneratedCase["review"]) => ({ ...rest, request });
  return (
    cases.length === count + 1 &&
    last?.name === kept.name &&
    JSON.stringify(withoutUid(last.review)) === JSON.stringify(withoutUid(kept.review)) &&
    JSON.stringify(last.expect) === JSON.stringify(kept.expect)
  );
}

function casesIn(text: string) {
  return readDocuments({ text, file: "fixtures.yaml" })
    .documents.filter(isFixtures)
    .flatMap((document) => parseFixtures(document).set?.cases ?? []);
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, compat: "yaml-1.1", aliasDuplicateObjects: false });
}
