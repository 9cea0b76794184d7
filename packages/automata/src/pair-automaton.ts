import { type Automaton, dead, full } from "./automaton.js";
import { PairNumbers } from "./pair-numbers.js";
import { Row } from "./row.js";
import { RowStore } from "./row-store.js";
import { symbolCount } from "./symbols.js";
import { limitStates } from "./too-large.js";

/** How two automata are combined: what one state of each comes to, where that is settled already. */
interface Combination {
  /** `dead` or `full`, or `undefined` where it depends on what follows. */
  readonly settle: (left: number, right: number) => number | undefined;
  readonly accepts: (left: boolean, right: boolean) => boolean;
}

const combinations = {
  and: {
    settle: (left, right) =>
      left === dead || right === dead ? dead : left === full && right === full ? full : undefined,
    accepts: (left, right) => left && right,
  },
  or: {
    settle: (left, right) =>
      left === full || right === full ? full : left === dead && right === dead ? dead : undefined,
    accepts: (left, right) => left || right,
  },
  differ: {
    settle: (left, right) => (left > full || right > full ? undefined : left === right ? dead : full),
    accepts: (left, right) => left !== right,
  },
} as const satisfies Record<string, Combination>;

export type CombinationKind = keyof typeof combinations;

/**
 * The texts that both accept (`and`), that one of them accepts (`or`), that just one of them does (`differ`).
 *
 * @param keepsRows whether a state may be expanded again.
 */
export function pairAutomaton(
  kind: CombinationKind,
  left: Automaton,
  right: Automaton,
  { keepsRows }: { readonly keepsRows: boolean },
): Automaton {
  const { settle, accepts } = combinations[kind];
  const isSame = left === right;
  const numbers = new PairNumbers([
    [dead, dead],
    [full, full],
  ]);
  const { lefts, rights } = numbers;
  const accepting = [false, true];
  const rows = keepsRows ? new RowStore() : undefined;
  const leftRow = new Row();
  const rightRow = new Row();

  const intern = (a: number, b: number): number => {
    const settled = isSame && kind === "differ" && a === b ? dead : settle(a, b);
    if (settled !== undefined) return settled;
    const known = numbers.find(a, b);
    if (known !== undefined) return known;
    limitStates(numbers.size);
    accepting.push(accepts(left.accepts(a), right.accepts(b)));
    return numbers.add(a, b);
  };

  return {
    start: intern(left.start, right.start),
    accepts: (state) => accepting[state] ?? false,
    expand(state, into) {
      if (state === dead || state === full) {
        into.fill(state);
        return;
      }
      if (rows?.read(state, into)) return;
      left.expand(lefts[state] ?? dead, leftRow);
      right.expand(rights[state] ?? dead, rightRow);
      into.clear();
      let a = 0;
      let b = 0;
      for (let end = 0; end < symbolCount; ) {
        const leftEnd = leftRow.ends[a] as number;
        const rightEnd = rightRow.ends[b] as number;
        end = Math.min(leftEnd, rightEnd);
        into.push(end, intern(leftRow.targets[a] as number, rightRow.targets[b] as number));
        if (leftEnd === end) a += 1;
        if (rightEnd === end) b += 1;
      }
      rows?.write(state, into);
    },
  };
}

/** The texts that an automaton does not accept. */
export function complementAutomaton(of: Automaton): Automaton {
  const flip = (state: number) => (state === dead ? full : state === full ? dead : state);
  return {
    start: flip(of.start),
    accepts: (state) => state !== dead && (state === full || !of.accepts(state)),
    expand(state, into) {
      of.expand(flip(state), into);
      for (let run = 0; run < into.length; run += 1) into.targets[run] = flip(into.targets[run] as number);
    },
  };
}
