import { isAscii } from "node:buffer";
import { kinds } from "@registry-policy/language";
import { afterString, afterValue, unknownEnd } from "./after-json.js";

/**
 * The members in which something may stand that a decision depends on. Any other that is an object or a list
 * (environment, probes, managed fields, the old object) is the most of a review, and nobody looks into it.
 */
const readMembers = new Set<string>([
  ...["request", "kind", "userInfo", "groups", "object"],
  ...Object.values(kinds).flatMap(({ podTemplate }): readonly string[] => podTemplate),
  ...["metadata", "annotations", "spec"],
  ...["initContainers", "containers", "ephemeralContainers", "volumes", "image"],
]);

/** By their length. */
const readNames = Array.from({ length: 32 }, (_, length) =>
  [...readMembers].filter((name) => name.length === length).map((name) => Buffer.from(name)),
);

/** What is shorter, in bytes, is read sooner than left out. */
const shortest = 32;

const quote = 0x22;
const colon = 0x3a;
const backslash = 0x5c;
const openObject = 0x7b;
const openList = 0x5b;

/**
 * The text of a review in which the longer objects and lists that nobody looks into are empty. It is JSON if and only
 * if the whole is, and `JSON.parse` reads it in a fraction of the time.
 *
 * @param body UTF-8. What is not ASCII, or is written in a way in which the API server writes nothing, is left whole.
 */
export function textWithoutUnread(body: Buffer): string {
  const ends = isAscii(body) ? unreadParts(body) : undefined;
  if (ends === undefined) return body.toString("utf8");
  let text = "";
  let from = 0;
  for (let index = 0; index < ends.length; index += 2) {
    text += body.toString("latin1", from, ends[index]);
    from = ends[index + 1] as number;
  }
  return text + body.toString("latin1", from);
}

/** Where what is in their brackets begins and ends, in turn; `undefined` where only `JSON.parse` can tell. */
function unreadParts(body: Buffer): readonly number[] | undefined {
  const ends: number[] = [];
  let at = 0;
  while (at < body.length) {
    if (body[at] !== quote) {
      at++;
      continue;
    }
    const start = at + 1;
    at = afterString(body, at);
    if (at === unknownEnd) return undefined;
    if (body[at] !== colon || !isBracket(body[at + 1]) || mayBeRead(body, start, at - 1)) continue;
    const begin = at + 2;
    at = afterValue(body, at + 1);
    if (at === unknownEnd) return undefined;
    if (at - begin > shortest) ends.push(begin, at - 1);
  }
  return ends;
}

function isBracket(byte: number | undefined): boolean {
  return byte === openObject || byte === openList;
}

/** Whether what stands there is the name of a member that is read, or with an escape, which may be one too. */
function mayBeRead(body: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (body[at] === backslash) return true;
  }
  for (const name of readNames[end - start] ?? []) {
    let at = 0;
    while (at < name.length && name[at] === body[start + at]) at++;
    if (at === name.length) return true;
  }
  return false;
}
