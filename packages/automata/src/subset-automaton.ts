import { type Automaton, dead, full } from "./automaton.js";
import type { Expression } from "./expression.js";
import { final, type Nfa, nfaOf, universal } from "./nfa.js";
import { RowStore } from "./row-store.js";
import { type ClassRun, symbolClasses } from "./symbol-classes.js";
import { noSymbol, type SymbolSet } from "./symbols.js";
import { limitStates } from "./too-large.js";

const automata = new WeakMap<Expression, Automaton>();

/**
 * The deterministic automaton of an expression: its states are the sets of states in which the other can be.
 *
 * @throws TooLarge, here or when it is walked.
 */
export function subsetAutomaton(expression: Expression): Automaton {
  const known = automata.get(expression);
  if (known !== undefined) return known;
  const made = determine(nfaOf(expression));
  automata.set(expression, made);
  return made;
}

function determine(nfa: Nfa): Automaton {
  const closures: (Int32Array | undefined)[] = [];
  const closure = (state: number): Int32Array => {
    const known = closures[state];
    if (known !== undefined) return known;
    const made = closureOf(nfa, state);
    closures[state] = made;
    return made;
  };
  const reduce = reducer(nfa, closure);

  const sets: Int32Array[] = [Int32Array.of(), Int32Array.of(universal)];
  let members = 0;
  const accepting = [false, true];
  const ids = new Map<string, number>([
    ["", dead],
    [String(universal), full],
  ]);
  const alone: number[] = [];
  const byTargets = new Map<string, number>();
  const rows = new RowStore();
  const { runs, classesOf, count } = symbolClasses(nfa.states.flatMap(({ edges }) => edges.map(({ set }) => set)));
  // Of each class, the states that its symbols lead to, and how many there are: the lists are filled for each state anew.
  const targets: number[][] = Array.from({ length: count }, () => []);
  const counts = new Int32Array(count);
  const reached = new Int32Array(count);

  /**
   * Where a state goes: a class of symbols, its target, the next class, … To look sets of symbols up takes longer than all
   * that is done with them; and V8 compiles a loop over typed arrays once, one over lists of several kinds again and again.
   */
  const steps: (Int32Array | undefined)[] = [];
  const stepsOf = (state: number): Int32Array => {
    const known = steps[state];
    if (known !== undefined) return known;
    const made: number[] = [];
    for (const { set, target } of nfa.states[state]?.edges ?? []) {
      const classes = classesOf(set);
      for (let i = 0; i < classes.length; i += 1) made.push(classes[i] as number, target);
    }
    steps[state] = Int32Array.from(made);
    return steps[state];
  };

  /** The state of a set of states, together with what they come to without a character. */
  const intern = (states: readonly number[]): number => {
    const all = states.length === 1 ? closure(states[0] as number) : union(states.map(closure));
    const set = all.includes(universal) ? Int32Array.of(universal) : reduce(all);
    const key = set.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    // What a set takes grows with its members: wildcards in many patterns make many and large ones.
    members += set.length;
    limitStates(members);
    const id = sets.push(set) - 1;
    ids.set(key, id);
    accepting.push(set.some((inner) => closure(inner).includes(final)));
    return id;
  };

  /** The same for the first `length` states of a list, each set looked up before its states are gone through. */
  const stateOf = (list: readonly number[], length: number): number => {
    if (length === 0) return dead;
    if (length === 1) {
      const only = list[0] as number;
      alone[only] ??= intern([only]);
      return alone[only];
    }
    const states = list.slice(0, length);
    const key = states.join();
    const known = byTargets.get(key);
    if (known !== undefined) return known;
    const made = intern(states);
    byTargets.set(key, made);
    return made;
  };

  return {
    start: intern([nfa.start]),
    accepts: (state) => accepting[state] ?? false,
    expand(state, into) {
      if (state === dead || state === full) {
        into.fill(state);
        return;
      }
      if (rows.read(state, into)) return;
      counts.fill(0);
      const set = sets[state] as Int32Array;
      for (let i = 0; i < set.length; i += 1) {
        const from = stepsOf(set[i] as number);
        for (let j = 0; j < from.length; j += 2) {
          const symbols = from[j] as number;
          (targets[symbols] as number[])[counts[symbols] as number] = from[j + 1] as number;
          counts[symbols] = (counts[symbols] as number) + 1;
        }
      }
      for (let symbols = 0; symbols < count; symbols += 1) {
        reached[symbols] = stateOf(targets[symbols] as number[], counts[symbols] as number);
      }
      into.clear();
      for (let i = 0; i < runs.length; i += 1) {
        const { end, symbols } = runs[i] as ClassRun;
        into.push(end, reached[symbols] as number);
      }
      rows.write(state, into);
    },
  };
}

/** The states that count (those with an edge, and the final one) to which a state comes without a character, sorted. */
function closureOf(nfa: Nfa, from: number): Int32Array {
  const seen = new Set([from]);
  for (const state of seen) for (const next of nfa.states[state]?.silent ?? []) seen.add(next);
  const counting = [...seen].filter((state) => state === final || (nfa.states[state]?.edges.length ?? 0) > 0);
  return Int32Array.from(counting).sort();
}

function union(lists: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(lists.reduce((length, list) => length + list.length, 0));
  let length = 0;
  for (const list of lists) {
    all.set(list, length);
    length += list.length;
  }
  all.sort();
  return all.filter((state, index) => index === 0 || state !== all[index - 1]);
}

/**
 * Leaves states out of a set that add nothing to it: next to one that accepts every text of some characters, those
 * that accept nothing but such texts. Without this, `a/**` beside `a/b` would remember for ever which of them it was.
 */
function reducer(nfa: Nfa, closure: (state: number) => Int32Array): (set: Int32Array) => Int32Array {
  const loops = new Map<number, SymbolSet>();
  nfa.states.forEach(({ edges }, state) => {
    const loop = edges.find(({ target }) => target === state);
    if (loop !== undefined && state !== universal && closure(state).includes(final)) loops.set(state, loop.set);
  });
  if (loops.size === 0) return (set) => set;
  const ahead = symbolsAhead(nfa);
  return (set) => {
    let kept = set;
    for (const state of set) {
      const loop = loops.get(state);
      if (loop === undefined || !kept.includes(state)) continue;
      kept = kept.filter((other) => other === state || ((ahead[other] ?? noSymbol) & ~loop) !== noSymbol);
    }
    return kept;
  };
}

/** For each state, every symbol that can still follow. */
function symbolsAhead({ states }: Nfa): SymbolSet[] {
  const ahead = states.map(({ edges }) => edges.reduce((set, edge) => set | edge.set, noSymbol));
  for (let changed = true; changed; ) {
    changed = false;
    states.forEach(({ edges, silent }, state) => {
      let set = ahead[state] ?? noSymbol;
      for (const { target } of edges) set |= ahead[target] ?? noSymbol;
      for (const target of silent) set |= ahead[target] ?? noSymbol;
      if (set === ahead[state]) return;
      ahead[state] = set;
      changed = true;
    });
  }
  return ahead;
}
