import test, { type ExecutionContext } from "ava";
import type { Automaton } from "./automaton.js";
import { automatonOf, difference, type Language, matching, nothing, or, preimage } from "./language.js";
import { mergedStates } from "./merged-states.js";
import { parseExpression } from "./parse-expression.js";
import { Row } from "./row.js";
import { shortest } from "./search.js";
import { symbolCount } from "./symbols.js";

const regex = (expression: string) => matching(parseExpression(expression));

function countStates({ start, expand }: Automaton): number {
  const seen = new Set([start]);
  const row = new Row();
  for (const state of seen) {
    expand(state, row);
    for (const target of row.targets.subarray(0, row.length)) seen.add(target);
  }
  return seen.size;
}

/** Shows that merging leaves a language its texts. */
function staysTheSame(t: ExecutionContext, language: Language): void {
  t.is(shortest(difference(language, preimage(language, mergedStates))), undefined);
}

test("states that accept the same texts become one", (t) => {
  // Behind the first letter, the two alternatives count to three each by themselves.
  const twice = or(regex("^a(?:x|y){3}$"), regex("^b(?:x|y){3}$"));
  const merged = mergedStates(automatonOf(twice));
  t.true(countStates(automatonOf(twice)) > 6);
  t.is(countStates(merged), 6);
  staysTheSame(t, twice);
});

test("what accepts nothing or everything is known as such", (t) => {
  t.is(shortest(preimage(nothing, mergedStates)), undefined);
  t.is(shortest(preimage(regex(".*"), mergedStates)), "");
  // `b` leads to where no text is accepted any more, in a state of its own.
  const stuck: Automaton = {
    start: 2,
    accepts: (state) => state === 4,
    expand(state, into) {
      into.clear();
      if (state === 2) {
        into.push(1, 4);
        into.push(2, 3);
      }
      into.push(symbolCount, state === 2 ? 0 : state === 4 ? 0 : 3);
    },
  };
  const row = new Row();
  const merged = mergedStates(stuck);
  merged.expand(merged.start, row);
  t.is(row.at(1), 0);
  t.is(countStates(merged), 3);
});

test("the same texts stay, whatever they are", (t) => {
  const expressions = [
    "^a$",
    "^(?:a|ab|abc)*d?$",
    "^[a-c]{2,5}(?::[0-9]+)?$",
    "registry",
    "^(?:0|[1-9][0-9]*)/x$",
    "^$",
  ];
  for (const one of expressions) {
    staysTheSame(t, regex(one));
    for (const other of expressions) staysTheSame(t, difference(regex(one), regex(other)));
  }
});

test("an automaton of many states is left as it is", (t) => {
  const many = automatonOf(regex("^a{300}$"));
  t.is(mergedStates(many), many);
});
