/** What is compared has more states than are ever built. Nothing was shown, neither equality nor a difference. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

/** A state, or a member of a set of them, takes some hundred bytes: so many stay below a gigabyte. */
export const maximumStates = 3_000_000;

/** @throws TooLarge if a count of states is above the limit. */
export function limitStates(count: number): void {
  if (count > maximumStates) throw new TooLarge(`there are more than ${maximumStates} states to compare`);
}
