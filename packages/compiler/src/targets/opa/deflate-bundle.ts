import {
  Z_DEFAULT_STRATEGY,
  Z_FINISH,
  Z_OK,
  Z_STREAM_END,
  ZStream,
  zlibDeflate,
  zlibDeflateInit2,
  zlibDeflateReset,
} from "pako";

/**
 * Compresses, as pako's `deflateRaw` does by default. The tables for it are kept: to make them takes longer than to
 * compress the data of a policy.
 *
 * @throws Error if pako fails, for which no data gives it a reason.
 */
export function deflateBundle(data: Uint8Array): Uint8Array {
  stream ??= newStream();
  expect(zlibDeflateReset(stream), Z_OK);
  Object.assign(stream, { input: data, next_in: 0, avail_in: data.length });
  const chunks: Uint8Array[] = [];
  for (;;) {
    Object.assign(stream, { output: new Uint8Array(bytesOfChunk), next_out: 0, avail_out: bytesOfChunk });
    const status = zlibDeflate(stream, Z_FINISH);
    chunks.push(stream.output.subarray(0, stream.next_out));
    if (status === Z_STREAM_END) return Buffer.concat(chunks);
    expect(status, Z_OK);
  }
}

let stream: ZStream | undefined;

const bytesOfChunk = 16 * 1024;

function newStream(): ZStream {
  const made = new ZStream();
  const [level, method, rawWindow, memory] = [6, 8, -15, 8];
  expect(zlibDeflateInit2(made, level, method, rawWindow, memory, Z_DEFAULT_STRATEGY), Z_OK);
  return made;
}

function expect(status: number, expected: number): void {
  if (status !== expected) throw new Error(`pako ended with ${status}`);
}
