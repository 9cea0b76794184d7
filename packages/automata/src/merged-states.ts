import { type Automaton, dead, full } from "./automaton.js";
import { Row } from "./row.js";

/** More are not looked at: to merge them would take longer than it saves. */
const mostStates = 256;

/** A state, by what it does. */
interface Known {
  /** Of each run of symbols, the symbol after its last one, and the number of the state that it leads to. */
  readonly ends: readonly number[];
  readonly targets: readonly number[];
  readonly accepts: boolean;
}

/**
 * The same texts with the fewest states, where there are few; an automaton of many is given back. What is made of two
 * automata has as many states as pairs of theirs, and a rewriting that may try several ways has many that do the same.
 */
export function mergedStates(of: Automaton): Automaton {
  const states = walked(of);
  if (states === undefined) return of;
  const blocks = blocksOf(states);
  const [ofDead, ofFull] = blocks;
  const named = blocks.map((block) => (block === ofDead ? dead : block === ofFull ? full : block + 2));
  const representatives = new Map(states.map((state, index) => [named[index] as number, state]));
  return {
    start: named[of.start <= full ? of.start : 2] as number,
    accepts: (state) => representatives.get(state)?.accepts ?? false,
    expand(state, into) {
      const { ends, targets } = representatives.get(state) as Known;
      into.clear();
      for (const [run, end] of ends.entries()) into.push(end, named[targets[run] as number] as number);
    },
  };
}

/** The states, `dead` and `full` first and then the one at the start; `undefined` where there are too many. */
function walked(of: Automaton): readonly Known[] | undefined {
  const first = [...new Set([dead, full, of.start])];
  const numbers = new Map(first.map((state, index) => [state, index]));
  const row = new Row();
  const states: Known[] = [];
  for (const state of numbers.keys()) {
    of.expand(state, row);
    const targets = Array.from(row.targets.subarray(0, row.length), (target) => {
      const known = numbers.get(target) ?? numbers.size;
      numbers.set(target, known);
      return known;
    });
    if (numbers.size > mostStates) return undefined;
    states.push({
      ends: [...row.ends.subarray(0, row.length)],
      targets,
      accepts: state === full || (state !== dead && of.accepts(state)),
    });
  }
  return states;
}

/**
 * For each state the number of its block: those of one block accept the same texts. Blocks are split until no state of
 * one leads to another block than the others (Moore 1956), and of those that led to a block that was split it is asked again.
 */
function blocksOf(states: readonly Known[]): readonly number[] {
  const before: number[][] = states.map(() => []);
  states.forEach(({ targets }, from) => {
    for (const target of targets) before[target]?.push(from);
  });
  const blocks = states.map(({ accepts }) => Number(accepts));
  const members: Set<number>[] = [new Set(), new Set()];
  for (const [state, block] of blocks.entries()) members[block]?.add(state);
  const keyOf = (state: number): string => {
    const { ends, targets } = states[state] as Known;
    let key = "";
    let last = -1;
    for (let run = 0; run < targets.length; run += 1) {
      const block = blocks[targets[run] as number] as number;
      if (run > 0 && block !== last) key += `${last}<${ends[run - 1]} `;
      last = block;
    }
    return key + last;
  };
  const changed = new Set([0, 1]);
  for (const block of changed) {
    changed.delete(block);
    const groups = new Map<string, number[]>();
    for (const state of members[block] as Set<number>) {
      const key = keyOf(state);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [state]);
      else group.push(state);
    }
    const [, ...others] = [...groups.values()].sort((one, other) => other.length - one.length);
    for (const group of others) {
      const number = members.push(new Set(group)) - 1;
      for (const state of group) {
        members[block]?.delete(state);
        blocks[state] = number;
      }
      for (const state of group) for (const from of before[state] as number[]) changed.add(blocks[from] as number);
    }
  }
  return blocks;
}
