import { open } from "node:fs/promises";
import { maximumFileLength } from "@registry-policy/language";
import { InputError } from "./input-error.js";
import { unreadable } from "./list-files.js";

/** Past this, a file is too large whatever its characters are; what follows is not read. */
const maximumBytes = maximumFileLength * 4;

/**
 * The text of a file, decoded from UTF-8. Bytes that are not UTF-8 become U+FFFD, and of a file that is too large only
 * the beginning is read: the parsers say so of both.
 *
 * @throws InputError if it cannot be read.
 */
export async function readText(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const facts = await file.stat();
      if (facts.isDirectory()) throw new InputError(`\`${path}\` is a directory`, "name a file");
      const chunks: Buffer[] = [];
      let length = 0;
      // A pipe has no size, and a file may grow while it is read.
      const sizeOfChunk = Math.min(facts.size > 0 ? Math.max(facts.size + 1, 4 * 1024) : 64 * 1024, maximumBytes);
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(sizeOfChunk), 0, sizeOfChunk, null);
        chunks.push(buffer.subarray(0, bytesRead));
        length += bytesRead;
        const isWhole = facts.isFile() && length === facts.size && bytesRead < sizeOfChunk;
        if (bytesRead === 0 || isWhole || length > maximumBytes) break;
      }
      return new TextDecoder().decode(Buffer.concat(chunks));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(path, error);
  }
}
