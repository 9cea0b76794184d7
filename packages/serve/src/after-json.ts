/**
 * Finds where JSON ends without making anything of it, in a fraction of the time of `JSON.parse`.
 *
 * What is said to end is what RFC 8259 says, to the letter. The reverse does not hold: of what is rare (white
 * space, fractions, deep nesting) nobody says where it ends, and `JSON.parse` is left to find out.
 */

/** The end of something is not known: it is rare, or no JSON. */
export const unknownEnd = -1;

/** Characters as bytes. */
const quote = 0x22;
const colon = 0x3a;
const openObject = 0x7b;
const openList = 0x5b;
const closeObject = 0x7d;
const closeList = 0x5d;
const comma = 0x2c;
const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const letterU = 0x75;
const space = 0x20;
const escapes: readonly (number | undefined)[] = [...Buffer.from('"\\/bfnrt')];
const hexadecimalDigits: readonly (number | undefined)[] = [...Buffer.from("0123456789abcdefABCDEF")];
const words = ["true", "false", "null"].map((word) => Buffer.from(word));

/** Deeper JSON is left to `JSON.parse`, which needs no stack for it. */
const deepest = 64;

/**
 * @param bytes UTF-8.
 * @param start where the value begins.
 * @returns where what follows the value begins, or `unknownEnd`.
 */
export function afterValue(bytes: Uint8Array, start: number, depth = 0): number {
  switch (bytes[start]) {
    case quote:
      return afterString(bytes, start);
    case openObject:
      return depth < deepest ? afterObject(bytes, start, depth + 1) : unknownEnd;
    case openList:
      return depth < deepest ? afterList(bytes, start, depth + 1) : unknownEnd;
    default:
      return afterScalar(bytes, start);
  }
}

/** The same for a string, which begins with its quote. */
export function afterString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  for (; ; at++) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === undefined || byte < space) return unknownEnd;
    if (byte === backslash) {
      at++;
      if (bytes[at] === letterU && isHexadecimal(bytes, at + 1, at + 5)) at += 4;
      else if (!escapes.includes(bytes[at])) return unknownEnd;
    }
  }
}

function afterObject(bytes: Uint8Array, start: number, depth: number): number {
  let at = start + 1;
  if (bytes[at] === closeObject) return at + 1;
  for (; ; at++) {
    if (bytes[at] !== quote) return unknownEnd;
    at = afterString(bytes, at);
    if (at === unknownEnd || bytes[at] !== colon) return unknownEnd;
    at = afterValue(bytes, at + 1, depth);
    if (at === unknownEnd) return unknownEnd;
    if (bytes[at] === closeObject) return at + 1;
    if (bytes[at] !== comma) return unknownEnd;
  }
}

function afterList(bytes: Uint8Array, start: number, depth: number): number {
  let at = start + 1;
  if (bytes[at] === closeList) return at + 1;
  for (; ; at++) {
    at = afterValue(bytes, at, depth);
    if (at === unknownEnd) return unknownEnd;
    if (bytes[at] === closeList) return at + 1;
    if (bytes[at] !== comma) return unknownEnd;
  }
}

/** Of an integer or a word. What may not follow it, the rest of a fraction or a second word, is found by who asked. */
function afterScalar(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === minus ? start + 1 : start;
  if (bytes[first] === zero) return first + 1;
  let at = first;
  while (isDigit(bytes[at])) at++;
  if (at > first) return at;
  if (first > start) return unknownEnd;
  const word = words.find((word) => word.every((byte, index) => bytes[start + index] === byte));
  return word === undefined ? unknownEnd : start + word.length;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function isHexadecimal(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && hexadecimalDigits.includes(bytes[at])) at++;
  return at === end;
}
