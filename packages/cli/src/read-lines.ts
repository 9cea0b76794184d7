/** One line of a stream, or a line that is too long to be read. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly tooLong: true };

const newline = 0x0a;

/**
 * Reads a stream line by line, empty lines left out. Lines that arrive together are given together, so that a slow
 * stream is answered line by line and a fast one in batches.
 *
 * @param maximumBytes of a line; what is longer is read past and not kept.
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  maximumBytes: number,
): AsyncGenerator<readonly Line[], undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let number = 1;
  const take = (lines: Line[]) => {
    if (length > maximumBytes) lines.push({ number, tooLong: true });
    else {
      const text = new TextDecoder().decode(Buffer.concat(parts)).trim();
      if (text !== "") lines.push({ number, text });
    }
    parts = [];
    length = 0;
    number += 1;
  };
  const keep = (part: Uint8Array) => {
    length += part.length;
    if (length <= maximumBytes) parts.push(part);
    else parts = [];
  };
  for await (const chunk of stream) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, at));
      take(lines);
      from = at + 1;
    }
    keep(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  const last: Line[] = [];
  take(last);
  if (last.length > 0) yield last;
}
