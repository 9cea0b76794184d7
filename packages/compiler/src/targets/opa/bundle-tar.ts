import { createTar } from "nanotar";

/** An archive that is the same wherever and whenever it is made. */
export function tar(files: { name: string; data: string | Uint8Array }[]): Uint8Array {
  const archive = createTar(files, { attrs: { mtime: 0, mode: "644", uid: 0, gid: 0, user: "", group: "" } });
  // nanotar fills up to a multiple of 20 blocks of 512 bytes, and where nothing is left to fill no block ends the archive.
  return Buffer.concat([archive, new Uint8Array(2 * 512)]);
}
