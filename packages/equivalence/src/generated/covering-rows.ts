/** Something in which requests differ: how many values leave a request in scope, and how many take it out. */
export interface Factor {
  readonly inside: number;
  readonly outside: number;
}

/** For each factor the number of its value, those that take a request out of scope after the others. */
export type Row = readonly number[];

/** Whether two values can be in one request. */
export type PairRule = (factor: number, value: number, otherFactor: number, otherValue: number) => boolean;

/**
 * Rows in which every possible pair of values of two factors occurs, with nothing else in the row that takes a request
 * out of scope: or what the two do would not show. Each row is begun with a pair that is left and filled with the
 * values that bring the most pairs (as AETG does, Cohen et al. 1997, but without chance).
 *
 * @returns rows that are in scope before those that are not.
 */
export function coveringRows(factors: readonly Factor[], isPossible: PairRule): Row[] {
  const valuesOf = numbered(factors);
  const values = valuesOf.flat();
  // By the ids of two values, in both orders: whether they can be in one row, and whether no row shows them yet.
  const possible = new Uint8Array(values.length ** 2);
  const pairs = pairsOf(valuesOf).filter(({ one, other }) =>
    isPossible(one.factor, one.value, other.factor, other.value),
  );
  const mark = (table: Uint8Array, one: Value, other: Value, as: 0 | 1) => {
    table[one.id * values.length + other.id] = as;
    table[other.id * values.length + one.id] = as;
  };
  for (const { one, other } of pairs) mark(possible, one, other, 1);
  const open = possible.slice();
  const marks = (table: Uint8Array, value: Value, others: readonly Value[]) => {
    let count = 0;
    for (let i = 0; i < others.length; i += 1)
      count += table[value.id * values.length + (others[i] as Value).id] as number;
    return count;
  };
  const used = values.map(() => 0);
  const timesUsed = ({ id }: Value) => used[id] as number;
  /** The first of those inside that go with all that is chosen and bring the most; of such, one that is the least used. */
  const bestOf = (own: readonly Value[], chosen: readonly Value[], shown: readonly Value[]): Value | undefined => {
    let best: Value | undefined;
    let most = -1;
    for (const value of own) {
      if (!value.isInside || marks(possible, value, chosen) < chosen.length) continue;
      const gain = marks(open, value, shown);
      if (gain < most || (gain === most && timesUsed(value) >= timesUsed(best as Value))) continue;
      best = value;
      most = gain;
    }
    return best;
  };

  const rows: Row[] = [];
  for (const { one, other } of pairs) {
    if (marks(open, one, [other]) === 0) continue;
    const chosen = [one, other];
    const outside = chosen.filter(({ isInside }) => !isInside);
    // Of a request out of scope only the pairs show in which is all that takes it out.
    const shown = outside.length === 0 ? chosen : outside.length === 1 ? outside : [];
    for (const [factor, own] of valuesOf.entries()) {
      if (factor === one.factor || factor === other.factor) continue;
      const best = bestOf(own, chosen, shown);
      if (best === undefined) break;
      chosen.push(best);
    }
    mark(open, one, other, 0);
    // With some pairs nothing else is possible; then they occur in no request.
    if (chosen.length < factors.length) continue;
    for (const value of shown) for (const also of chosen) mark(open, value, also, 0);
    const row = factors.map(() => 0);
    for (const { id, factor, value } of chosen) {
      row[factor] = value;
      used[id] = (used[id] as number) + 1;
    }
    rows.push(row);
  }
  return rows;
}

interface Value {
  readonly id: number;
  readonly factor: number;
  readonly value: number;
  readonly isInside: boolean;
}

/** The values of each factor. */
function numbered(factors: readonly Factor[]): Value[][] {
  let id = 0;
  return factors.map(({ inside, outside }, factor) =>
    Array.from({ length: inside + outside }, (_, value) => ({ id: id++, factor, value, isInside: value < inside })),
  );
}

interface Pair {
  readonly one: Value;
  readonly other: Value;
}

/** Every pair of values of two factors, those first of which both leave a request in scope, then those of which one does. */
function pairsOf(valuesOf: readonly (readonly Value[])[]): Pair[] {
  const pairs = valuesOf.flatMap((own, factor) =>
    valuesOf.slice(factor + 1).flatMap((others) => own.flatMap((one) => others.map((other) => ({ one, other })))),
  );
  const withOutside = (count: number) =>
    pairs.filter(({ one, other }) => Number(!one.isInside) + Number(!other.isInside) === count);
  return [0, 1, 2].flatMap(withOutside);
}
