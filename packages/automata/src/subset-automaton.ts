import { type Automaton, dead, full } from "./automaton.js";
import type { Expression } from "./expression.js";
import { final, type Nfa, nfaOf, universal } from "./nfa.js";
import { RowStore } from "./row-store.js";
import { symbolClasses } from "./symbol-classes.js";
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

/** An edge, by the classes of its symbols: to look sets of symbols up takes longer than all that is done with them. */
interface Step {
  readonly classes: readonly number[];
  readonly target: number;
}

function determine(nfa: Nfa): Automaton {
  const closures: (readonly number[] | undefined)[] = [];
  const closure = (state: number): readonly number[] => {
    const known = closures[state];
    if (known !== undefined) return known;
    const made = closureOf(nfa, state);
    closures[state] = made;
    return made;
  };
  const reduce = reducer(nfa, closure);

  const sets: (readonly number[])[] = [[], [universal]];
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
  const targets: number[][] = Array.from({ length: count }, () => []);
  const reached = new Int32Array(count);

  const steps: (readonly Step[] | undefined)[] = [];
  const stepsOf = (state: number): readonly Step[] => {
    const known = steps[state];
    if (known !== undefined) return known;
    const made = (nfa.states[state]?.edges ?? []).map(({ set, target }) => ({ classes: classesOf(set), target }));
    steps[state] = made;
    return made;
  };

  /** The state of a set of states, together with what they come to without a character. */
  const intern = (states: readonly number[]): number => {
    const all = states.length === 1 ? closure(states[0] as number) : union(states.map(closure));
    const set = all.includes(universal) ? [universal] : reduce(all);
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

  /** The same, each set looked up before its states are gone through. */
  const stateOf = (states: readonly number[]): number => {
    if (states.length === 0) return dead;
    if (states.length === 1) {
      const only = states[0] as number;
      alone[only] ??= intern(states);
      return alone[only];
    }
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
      for (const list of targets) list.length = 0;
      for (const inner of sets[state] ?? []) {
        for (const { classes, target } of stepsOf(inner)) {
          for (const symbols of classes) (targets[symbols] as number[]).push(target);
        }
      }
      for (let symbols = 0; symbols < count; symbols += 1) reached[symbols] = stateOf(targets[symbols] as number[]);
      into.clear();
      for (const { end, symbols } of runs) into.push(end, reached[symbols] as number);
      rows.write(state, into);
    },
  };
}

/** The states that count (those with an edge, and the final one) to which a state comes without a character, sorted. */
function closureOf(nfa: Nfa, from: number): number[] {
  const seen = new Set([from]);
  for (const state of seen) for (const next of nfa.states[state]?.silent ?? []) seen.add(next);
  return [...seen]
    .filter((state) => state === final || (nfa.states[state]?.edges.length ?? 0) > 0)
    .sort((a, b) => a - b);
}

function union(lists: readonly (readonly number[])[]): number[] {
  const all = new Set<number>();
  for (const list of lists) for (const state of list) all.add(state);
  return [...all].sort((a, b) => a - b);
}

/**
 * Leaves states out of a set that add nothing to it: next to one that accepts every text of some characters, those
 * that accept nothing but such texts. Without this, `a/**` beside `a/b` would remember for ever which of them it was.
 */
function reducer(
  nfa: Nfa,
  closure: (state: number) => readonly number[],
): (set: readonly number[]) => readonly number[] {
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
