/**
 * Whether `text` is matched from end to end by `glob`, in which `*` stands for zero or more characters (or for
 * `atLeast` or more) and every other character for itself.
 *
 * The pieces between the signs are looked for from left to right, each at the first place where it can be: taking
 * an earlier place never loses a match, so nothing is tried twice and a hostile text costs no more than a long one.
 */
export function matchesGlob(glob: string, text: string, atLeast: 0 | 1 = 0): boolean {
  if (!glob.includes("*")) return text === glob;
  const pieces = glob.split("*");
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  if (!text.startsWith(first)) return false;
  let end = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, end + atLeast);
    if (found < 0) return false;
    end = found + piece.length;
  }
  return text.length - last.length >= end + atLeast && text.endsWith(last);
}
