import test from "ava";
import fc from "fast-check";
import { deflateRaw } from "pako";
import { deflateBundle } from "./deflate-bundle.js";

test("each data is compressed as by a stream of its own, whatever came before it", (t) => {
  const ofOneByte = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.nat(100_000));
  const data = fc.oneof(
    fc.uint8Array({ maxLength: 50_000, size: "max" }),
    fc
      .array(ofOneByte, { maxLength: 5 })
      .map((runs) => Buffer.concat(runs.map(([byte, length]) => Buffer.alloc(length, byte)))),
  );
  fc.assert(
    fc.property(data, (bytes) => Buffer.compare(deflateBundle(bytes), deflateRaw(bytes)) === 0),
    { numRuns: 200 },
  );
  t.pass();
});
