import test from "ava";
import fc from "fast-check";
import { afterValue, unknownEnd } from "./after-json.js";

const usual = `{"a":[{"b":"x\\"\\\\\\u003c\\n"},{},[],"",{"c":true,"d":false,"e":null,"f":[0,-1,20]}]}`;

/** One byte of a text taken away, put in or exchanged. */
const damage = fc.record({ at: fc.nat(), taken: fc.nat(1), put: fc.constantFrom("", ...'"\\{}[]:,01-.eu tn\n\u0000') });

const damaged = (text: string, { at, taken, put }: { at: number; taken: number; put: string }) => {
  const place = at % (text.length + 1);
  return text.slice(0, place) + put + text.slice(place + taken);
};

const endOf = (text: string) => afterValue(Buffer.from(text), 0);

test("JSON as the API server writes it ends where it ends, whatever follows", (t) => {
  t.is(endOf(usual), usual.length);
  t.is(endOf(`${usual},"g":1}`), usual.length);
});

for (const [name, text] of Object.entries({
  "a fraction": "[1.5]",
  "an exponent": "[1e3]",
  "white space": "[1, 2]",
  "a number that begins with 0": "[01]",
  "a minus alone": "[-]",
  "no value": "[,]",
  "a comma at the end": '{"a":1,}',
  "a key that is no text": "{1:1}",
  "no colon": '{"a"1}',
  "a word that is none": "[nul]",
  "a wrong bracket": '{"a":[1}]',
  "an escape that is none": '["\\x"]',
  "an escape of three digits": '["\\u00e"]',
  "a line feed in a string": '["\n"]',
  "a text that does not end": '["a',
  "an escape that does not end": '["\\',
  "a list that does not end": "[1",
  nothing: "",
  "1,000 lists in one another": "[".repeat(1_000) + "]".repeat(1_000),
})) {
  test(`nobody says where this ends: ${name}`, (t) => t.is(endOf(text), unknownEnd));
}

test("what ends is JSON, whatever was done to it", (t) => {
  const json = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  );
  let ended = 0;
  fc.assert(
    fc.property(fc.oneof(json, fc.constant(usual)), fc.array(damage, { maxLength: 3 }), (text, all) => {
      const bytes = Buffer.from(all.reduce(damaged, text));
      if (bytes[0] !== 0x7b && bytes[0] !== 0x5b) return;
      const end = afterValue(bytes, 0);
      if (end === unknownEnd) return;
      ended++;
      JSON.parse(bytes.toString("utf8", 0, end));
    }),
    { numRuns: 20_000 },
  );
  t.true(ended > 1_000);
});
