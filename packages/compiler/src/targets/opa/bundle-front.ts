import { crc32 } from "node:zlib";
import { Deflate, Z_SYNC_FLUSH } from "pako";
import { tar } from "./bundle-tar.js";

/**
 * What every bundle begins with: the wasm, most of a bundle and the same in all. It is compressed once, when the package
 * is built, up to a byte boundary, so that what differs can be put behind it in the same gzip member.
 */
export interface BundleFront {
  readonly bytes: Uint8Array;
  /** Of what is compressed, in bytes. */
  readonly length: number;
  /** The CRC-32 of what is compressed. */
  readonly checksum: number;
}

/** Compresses `policy.wasm` as the first file of a bundle. */
export function compressFront(wasm: Uint8Array): BundleFront {
  // The blocks that end an archive are left off: more follows.
  const whole = tar([{ name: "policy.wasm", data: wasm }]);
  const archive = whole.subarray(0, block + Math.ceil(wasm.length / block) * block);
  const chunks: Uint8Array[] = [];
  const deflate = new Deflate({ level: 9, raw: true });
  deflate.onData = (chunk) => {
    chunks.push(chunk);
  };
  deflate.push(archive, Z_SYNC_FLUSH);
  return { bytes: Buffer.concat(chunks), length: archive.length, checksum: crc32(archive) };
}

/** Of a tar archive, in bytes. */
const block = 512;
