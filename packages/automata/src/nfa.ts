import type { Expression } from "./expression.js";
import { anySymbol, type SymbolSet } from "./symbols.js";
import { limitStates, TooLarge } from "./too-large.js";

/** An automaton that may be in several states at once. State `final` accepts; `universal` accepts whatever follows. */
export interface Nfa {
  readonly start: number;
  readonly states: readonly NfaState[];
}

export interface NfaState {
  readonly edges: readonly Edge[];
  /** Where it goes on without a character. */
  readonly silent: readonly number[];
}

export interface Edge {
  readonly set: SymbolSet;
  readonly target: number;
}

export const final = 0;
export const universal = 1;

/** Alternatives nested more deeply than any pattern asks for. */
const maximumDepth = 3000;

/**
 * The automaton of an expression (Thompson's construction, from the end to the beginning). What alternatives share at
 * their beginning is built once, as in a trie; equal endings share their states.
 *
 * @throws TooLarge if it has more states than are ever built.
 */
export function nfaOf(expression: Expression): Nfa {
  const states: { edges: Edge[]; silent: number[] }[] = [
    { edges: [], silent: [] },
    { edges: [{ set: anySymbol, target: universal }], silent: [] },
  ];
  const shared = new Map<string, number>();
  const keyOf = structuralKeys();
  let depth = 0;

  function add(edges: Edge[], silent: number[]): number {
    limitStates(states.length);
    return states.push({ edges, silent }) - 1;
  }

  /** The state from which `item` and then `next` is accepted. */
  function before(item: Expression, next: number): number {
    if (item.kind === "repeat" && item.item.kind === "set" && item.item.set === anySymbol) {
      if (next === final && item.min === 0 && item.max === Number.POSITIVE_INFINITY) return universal;
    }
    const key = `${keyOf(item)}>${next}`;
    const known = shared.get(key);
    if (known !== undefined) return known;
    depth += 1;
    if (depth > maximumDepth) throw new TooLarge("an expression is nested too deeply");
    const made = build(item, next);
    depth -= 1;
    shared.set(key, made);
    return made;
  }

  function build(item: Expression, next: number): number {
    switch (item.kind) {
      case "set":
        return add([{ set: item.set, target: next }], []);
      case "sequence":
        return list(item.items, 0, next);
      case "choice":
        return alternatives(
          item.items.map((alternative) => (alternative.kind === "sequence" ? alternative.items : [alternative])),
          0,
          next,
        );
      case "repeat":
        return repeated(item.item, item.min, item.max, next);
    }
  }

  function list(items: readonly Expression[], from: number, next: number): number {
    let at = next;
    for (let index = items.length - 1; index >= from; index -= 1) at = before(items[index] as Expression, at);
    return at;
  }

  /** Sequences that are equal up to `from`. */
  function alternatives(sequences: readonly (readonly Expression[])[], from: number, next: number): number {
    const groups = new Map<number | undefined, (readonly Expression[])[]>();
    for (const items of sequences) {
      const head = items[from];
      const key = head === undefined ? undefined : keyOf(head);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [items]);
      else group.push(items);
    }
    const edges: Edge[] = [];
    const silent: number[] = [];
    for (const group of groups.values()) {
      const items = group[0] as readonly Expression[];
      const head = items[from];
      if (head === undefined) {
        silent.push(next);
        continue;
      }
      let upTo = from + 1;
      if (group.length > 1) {
        while (group.every((other) => isSameAt(other, items, upTo))) upTo += 1;
      }
      depth += 1;
      if (depth > maximumDepth) throw new TooLarge("alternatives share too many beginnings");
      let target = group.length === 1 ? list(items, from + 1, next) : alternatives(group, upTo, next);
      depth -= 1;
      if (group.length > 1) {
        for (let index = upTo - 1; index > from; index -= 1) target = before(items[index] as Expression, target);
      }
      if (head.kind === "set") edges.push({ set: head.set, target });
      else silent.push(before(head, target));
    }
    return add(edges, silent);
  }

  function isSameAt(one: readonly Expression[], two: readonly Expression[], index: number): boolean {
    const [a, b] = [one[index], two[index]];
    return a !== undefined && b !== undefined && keyOf(a) === keyOf(b);
  }

  function repeated(item: Expression, min: number, max: number, next: number): number {
    let at = next;
    if (max === Number.POSITIVE_INFINITY) {
      at = add([], [next]);
      const loop = states[at] as { edges: Edge[]; silent: number[] };
      if (item.kind === "set") loop.edges.push({ set: item.set, target: at });
      else loop.silent.push(build(item, at));
    } else {
      for (let count = min; count < max; count += 1) {
        at = item.kind === "set" ? add([{ set: item.set, target: at }], [next]) : add([], [next, before(item, at)]);
      }
    }
    for (let count = 0; count < min; count += 1) at = before(item, at);
    return at;
  }

  return { start: before(expression, final), states };
}

/** Numbers that are equal for expressions that are built alike. */
function structuralKeys(): (expression: Expression) => number {
  const numbers = new Map<string, number>();
  const known = new Map<Expression, number>();
  const number = (key: string) => {
    const found = numbers.get(key);
    if (found !== undefined) return found;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  };
  return function keyOf(expression): number {
    const found = known.get(expression);
    if (found !== undefined) return found;
    let key: number;
    if (expression.kind === "set") key = number(`s${expression.set}`);
    else if (expression.kind === "repeat") {
      key = number(`r${expression.min},${expression.max},${keyOf(expression.item)}`);
    } else key = number(`${expression.kind}${expression.items.map(keyOf).join(",")}`);
    known.set(expression, key);
    return key;
  };
}
