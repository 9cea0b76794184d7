import { crc32 } from "node:zlib";
import { createTar } from "nanotar";
import { Deflate, deflateRaw, Z_SYNC_FLUSH } from "pako";

/** The files of one bundle. */
export interface BundleFiles {
  readonly wasm: Uint8Array;
  readonly data: string;
  readonly manifest: string;
}

/**
 * An OPA bundle, a gzipped tar of `policy.wasm`, `data.json` and `.manifest`: the same bytes on every machine, which
 * zlib, whose output differs from one processor to the next, does not promise.
 *
 * The wasm is most of it and the same in every bundle, so it is compressed once, up to a byte boundary, and what
 * differs is put behind it in the same gzip member.
 */
export function bundle({ wasm, data, manifest }: BundleFiles): Uint8Array {
  const front = compressedFront(wasm);
  const back = tar([
    { name: "data.json", data },
    { name: ".manifest", data: manifest },
  ]);
  const trailer = new DataView(new ArrayBuffer(8));
  trailer.setUint32(0, crc32(back, front.checksum), true);
  trailer.setUint32(4, front.length + back.length, true);
  return concat([gzipHeader, front.bytes, deflateRaw(back, { level: 9 }), new Uint8Array(trailer.buffer)]);
}

/** RFC 1952: deflate, no flags, no time, best compression, an operating system that is not told. */
const gzipHeader = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff]);

interface Front {
  readonly bytes: Uint8Array;
  /** Of what is compressed. */
  readonly length: number;
  readonly checksum: number;
}

const fronts = new WeakMap<Uint8Array, Front>();

function compressedFront(wasm: Uint8Array): Front {
  const known = fronts.get(wasm);
  if (known !== undefined) return known;
  // The blocks that end an archive are left off: more follows.
  const whole = tar([{ name: "policy.wasm", data: wasm }]);
  const archive = whole.subarray(0, block + Math.ceil(wasm.length / block) * block);
  const chunks: Uint8Array[] = [];
  const deflate = new Deflate({ level: 9, raw: true });
  deflate.onData = (chunk) => {
    chunks.push(chunk);
  };
  deflate.push(archive, Z_SYNC_FLUSH);
  const front = { bytes: concat(chunks), length: archive.length, checksum: crc32(archive) };
  fronts.set(wasm, front);
  return front;
}

const block = 512;

function tar(files: { name: string; data: string | Uint8Array }[]): Uint8Array {
  const archive = createTar(files, { attrs: { mtime: 0, mode: "644", uid: 0, gid: 0, user: "", group: "" } });
  // nanotar fills up to a multiple of 20 blocks, and where nothing is left to fill no block ends the archive.
  return concat([archive, new Uint8Array(2 * block)]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
