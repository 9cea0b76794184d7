import { crc32 } from "node:zlib";
import { deflateRaw } from "pako";
import type { BundleFront } from "./bundle-front.js";
import { tar } from "./bundle-tar.js";

/** The files of one bundle. */
export interface BundleFiles {
  /** `policy.wasm`, compressed. */
  readonly front: BundleFront;
  readonly data: string;
  readonly manifest: string;
}

/**
 * An OPA bundle, a gzipped tar of `policy.wasm`, `data.json` and `.manifest`: the same bytes on every machine, which
 * zlib, whose output differs from one processor to the next, does not promise.
 */
export function bundle({ front, data, manifest }: BundleFiles): Uint8Array {
  const back = tar([
    { name: "data.json", data },
    { name: ".manifest", data: manifest },
  ]);
  const trailer = new DataView(new ArrayBuffer(8));
  trailer.setUint32(0, crc32(back, front.checksum), true);
  trailer.setUint32(4, front.length + back.length, true);
  return Buffer.concat([gzipHeader, front.bytes, deflateRaw(back, { level: 6 }), new Uint8Array(trailer.buffer)]);
}

/** RFC 1952: deflate, no flags, no time, best compression, an operating system that is not told. */
const gzipHeader = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff]);
