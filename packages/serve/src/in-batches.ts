/**
 * Collects what comes in during one turn of the event loop, to be dealt with together at its end.
 *
 * @param most the longest batch; more of what came in makes several.
 * @param deal is given each batch, in the order in which it came in. Must not throw.
 * @returns takes one more.
 */
export function inBatches<T>(most: number, deal: (batch: readonly T[]) => void): (one: T) => void {
  let waiting: T[] = [];
  const dealWithAll = () => {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += most) deal(all.slice(start, start + most));
  };
  return (one) => {
    if (waiting.push(one) === 1) setImmediate(dealWithAll);
  };
}
