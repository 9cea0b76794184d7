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
  const numbers = numbering(factors);
  const pairs = pairsOf(factors, isPossible);
  const open = new Uint8Array(numbers.pairs);
  for (const pair of pairs) open[numbers.ofPair(...pair)] = 1;
  const used = new Map<number, number>();
  const isOutside = (factor: number, value: number) => value >= (factors[factor]?.inside ?? 0);

  const rows: number[][] = [];
  for (const [one, a, other, b] of pairs) {
    const key = numbers.ofPair(one, a, other, b);
    if (open[key] === 0) continue;
    const chosen: Chosen[] = [
      { factor: one, value: a },
      { factor: other, value: b },
    ];
    const outside = chosen.filter(({ factor, value }) => isOutside(factor, value)).map(({ factor }) => factor);
    const isShown = (factor: number, also: number) => outside.every((out) => out === factor || out === also);
    for (const [factor, { inside }] of factors.entries()) {
      if (factor === one || factor === other) continue;
      const shown = chosen.filter((also) => isShown(factor, also.factor));
      const best = bestOf(inside, (value) => {
        if (!chosen.every((also) => isPossible(factor, value, also.factor, also.value))) return undefined;
        let gain = 0;
        for (const also of shown) gain += open[numbers.ofPair(factor, value, also.factor, also.value)] ?? 0;
        return [gain, -(used.get(numbers.ofValue(factor, value)) ?? 0)];
      });
      if (best === undefined) break;
      chosen.push({ factor, value: best });
    }
    open[key] = 0;
    // With some pairs nothing else is possible; then they occur in no request.
    if (chosen.length < factors.length) continue;
    const row = factors.map(() => 0);
    for (const { factor, value } of chosen) {
      row[factor] = value;
      const id = numbers.ofValue(factor, value);
      used.set(id, (used.get(id) ?? 0) + 1);
      for (const also of chosen) {
        if (factor < also.factor && isShown(factor, also.factor)) {
          open[numbers.ofPair(factor, value, also.factor, also.value)] = 0;
        }
      }
    }
    rows.push(row);
  }
  return rows;
}

interface Chosen {
  readonly factor: number;
  readonly value: number;
}

type Pair = readonly [factor: number, value: number, otherFactor: number, otherValue: number];

/** Every pair, those first of which both values leave a request in scope, then those of which one does. */
function pairsOf(factors: readonly Factor[], isPossible: PairRule): Pair[] {
  const pairs: [number, Pair][] = [];
  for (const [one, first] of factors.entries()) {
    for (let other = one + 1; other < factors.length; other += 1) {
      const second = factors[other] ?? { inside: 0, outside: 0 };
      for (let a = 0; a < first.inside + first.outside; a += 1) {
        for (let b = 0; b < second.inside + second.outside; b += 1) {
          if (!isPossible(one, a, other, b)) continue;
          pairs.push([Number(a >= first.inside) + Number(b >= second.inside), [one, a, other, b]]);
        }
      }
    }
  }
  return pairs.sort(([a], [b]) => a - b).map(([, pair]) => pair);
}

/** The value with the highest rank, the first of several; `undefined`: none has a rank. */
function bestOf(count: number, rankOf: (value: number) => readonly [number, number] | undefined): number | undefined {
  let best: number | undefined;
  let highest: readonly [number, number] = [-1, 0];
  for (let value = 0; value < count; value += 1) {
    const rank = rankOf(value);
    if (rank === undefined) continue;
    if (rank[0] > highest[0] || (rank[0] === highest[0] && rank[1] > highest[1])) {
      best = value;
      highest = rank;
    }
  }
  return best;
}

/** Numbers for values and for pairs of them. */
function numbering(factors: readonly Factor[]) {
  const starts: number[] = [];
  let total = 0;
  for (const { inside, outside } of factors) {
    starts.push(total);
    total += inside + outside;
  }
  const ofValue = (factor: number, value: number) => (starts[factor] ?? 0) + value;
  return {
    /** More than the number of any pair. */
    pairs: total * total,
    ofValue,
    ofPair(factor: number, value: number, otherFactor: number, otherValue: number) {
      const [a, b] = [ofValue(factor, value), ofValue(otherFactor, otherValue)];
      return Math.min(a, b) * total + Math.max(a, b);
    },
  };
}
