import type { Readable } from "node:stream";

/**
 * Reads a stream as UTF-8 lines.
 *
 * @param maxLength the longest line, in bytes
 * @param onLine gets each line without its end, and what follows the last end if that is anything
 * @param onTooLong gets the beginning of a line that is too long; nothing is read after it
 */
export function splitLines(
  stream: Readable,
  maxLength: number,
  onLine: (line: string) => void,
  onTooLong: (start: string) => void,
): void {
  let parts: Buffer[] = [];
  let length = 0;
  const flush = (): void => {
    const line = Buffer.concat(parts).toString("utf8");
    parts = [];
    length = 0;
    onLine(line);
  };
  stream.on("data", (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      from = end + 1;
      flush();
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from));
      length += chunk.length - from;
      if (length > maxLength) {
        stream.pause();
        onTooLong((parts[0] as Buffer).toString("utf8", 0, 200));
      }
    }
  });
  stream.on("end", () => {
    if (length > 0) flush();
  });
}
