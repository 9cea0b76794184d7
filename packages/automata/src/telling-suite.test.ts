import test from "ava";
import fc from "fast-check";
import { boundaryTexts } from "./boundary-texts.js";
import { choice, type Expression, optional, repeat, sequence, text } from "./expression.js";
import { matching } from "./language.js";
import { contains } from "./search.js";
import { endingsOf, tellingSuite } from "./telling-suite.js";
import { wordMachine } from "./word-machine.js";

/** Expressions over two letters. */
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(text("a"), text("b"), text("")),
    fc.array(tie("expression"), { minLength: 2, maxLength: 3 }).map((items) => sequence(...items)),
    fc.array(tie("expression"), { minLength: 2, maxLength: 3 }).map((items) => choice(...items)),
    tie("expression").map((item) => repeat(item, 0)),
    tie("expression").map(optional),
  ),
}));

/** An automaton over the two letters that is no language's of ours: by state, whether it accepts and where it goes. */
const automaton = (states: number) =>
  fc.array(fc.tuple(fc.boolean(), fc.nat(states - 1), fc.nat(states - 1)), { minLength: states, maxLength: states });
type Table = readonly (readonly [boolean, number, number])[];

function accepts(table: Table, word: string): boolean {
  const end = [...word].reduce((state, letter) => table[state]?.[letter === "a" ? 1 : 2] ?? 0, 0);
  return table[end]?.[0] ?? false;
}

/** Whether two automata, the second a machine of ours, differ on any word of so many letters. */
function differs(table: Table, isIn: (word: string) => boolean, letters: readonly string[], length: number): boolean {
  let words = [""];
  for (let count = 0; ; count += 1) {
    if (words.some((word) => accepts(table, word) !== isIn(word))) return true;
    if (count === length) return false;
    words = words.flatMap((word) => letters.map((letter) => word + letter));
  }
}

for (const extra of [0, 1]) {
  test(`the suite tells a machine from every automaton with up to ${extra} more states`, (t) => {
    const told = fc.property(
      expression.chain((of) => {
        const language = matching(sequence(text("s"), of));
        const machine = wordMachine(language, { first: ["s"], next: ["a", "b"] });
        return fc.tuple(fc.constant({ language, machine }), automaton(machine.states.length + extra));
      }),
      ([{ language, machine }, other]) => {
        fc.pre(machine.states.length <= 5);
        const isIn = (word: string) => contains(language, `s${word}`);
        // What two automata do on words as long as both have states together, they do on all.
        if (!differs(other, isIn, machine.letters, machine.states.length * 2 + extra - 1)) return;
        const suite = tellingSuite(machine, endingsOf(machine), extra);
        t.true(
          suite.some((word) => accepts(other, word.slice(1)) !== contains(language, word)),
          suite.join(" "),
        );
      },
    );
    fc.assert(told, { numRuns: 500, seed: 1 });
  });
}

test("states that no words tell apart are one, and so are letters that do the same", (t) => {
  const digits = sequence(text("x"), repeat(choice(text("1"), text("2")), 1, 40));
  const machine = wordMachine(matching(digits), { first: ["x", "y"], next: ["1", "2", "z"] });
  t.deepEqual(machine.letters, ["1", "z"]);
  // One for each number of digits that may still follow, and the one from which there is no way on.
  t.is(machine.states.length, 42);
});

test("a machine with one state is still tried", (t) => {
  const machine = wordMachine(matching(text("never")), { first: ["a"], next: ["b"] });
  t.deepEqual(tellingSuite(machine, endingsOf(machine), 0), ["a", "ab"]);
});

test("what is nearly a word is tried wherever the word makes a difference", (t) => {
  const language = matching(sequence(text("host"), repeat(sequence(text("/"), text("x")), 0), text("/ok")));
  const machine = wordMachine(language, { first: ["host"], next: ["/x", "/ok"] });
  const words = [{ text: "/ok", usual: "/x", near: ["/oks", "/OK"], isFirst: false }];
  t.deepEqual(boundaryTexts(machine, endingsOf(machine), words), [
    "host",
    "host/ok",
    "host/ok/x",
    "host/x",
    "host/oks",
    "host/OK",
  ]);
});
