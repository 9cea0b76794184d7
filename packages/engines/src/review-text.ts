import type { Review } from "@registry-policy/language";

const texts = new WeakMap<Review, string>();

/**
 * A review as JSON, written once for all engines.
 *
 * @throws Error for a value that is no JSON, or is nested too deep for the stack.
 */
export function reviewText(review: Review): string {
  const text = texts.get(review) ?? JSON.stringify(review);
  texts.set(review, text);
  return text;
}
