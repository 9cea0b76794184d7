import type { Review } from "@registry-policy/language";
import { nestedDeeper } from "./nested-deeper.js";
import { maxRequestLength, type RawJson } from "./stdio-protocol.js";

/** Consecutive reviews that go to the host in one request. */
export interface Batch {
  /** The index of its first review. */
  readonly first: number;
  readonly texts: readonly RawJson[];
  /** What its first review is, for an error message. */
  readonly description: string;
}

/** A review that cannot be sent, and so is judged by nobody. */
export interface Unsendable {
  readonly first: number;
  readonly error: string;
}

/** Small enough that the host starts while the next batch is being written. */
const reviewsInOneBatch = 256;

/** In UTF-16 units: some batches of one big review each are better than one that nobody can name. */
const lengthOfOneBatch = 4 * 1024 * 1024;

/** In UTF-16 units, each of which is at most three bytes. The API server takes requests of 3 MiB. */
const lengthOfOneReview = Math.floor(maxRequestLength / 3);

/** Half of what Go's decoder takes for a whole line. */
const depthOfOneReview = 5_000;

/** Cuts reviews into batches and writes each as JSON, as they are asked for. */
export function* reviewBatches(reviews: readonly Review[]): Generator<Batch | Unsendable, undefined> {
  for (let first = 0; first < reviews.length; ) {
    const texts: RawJson[] = [];
    let length = 0;
    for (let i = first; i < reviews.length && texts.length < reviewsInOneBatch; i++) {
      const text = written(reviews[i] as Review);
      if (typeof text !== "string") {
        if (texts.length > 0) break;
        yield { first, error: text.error };
        first++;
        break;
      }
      if (texts.length > 0 && length + text.length > lengthOfOneBatch) break;
      texts.push(text);
      length += text.length;
    }
    if (texts.length > 0) yield { first, texts, description: describe(reviews[first] as Review) };
    first += texts.length;
  }
}

/** Several engines are asked about the same reviews. */
const known = new WeakMap<Review, RawJson | { readonly error: string }>();

/** A review as JSON, or why it cannot be sent. */
function written(review: Review): RawJson | { readonly error: string } {
  const found = known.get(review) ?? writtenAnew(review);
  known.set(review, found);
  return found;
}

function writtenAnew(review: Review): RawJson | { readonly error: string } {
  let text: string;
  try {
    text = JSON.stringify(review);
  } catch (error) {
    // A value that is no JSON, or is nested too deep for the stack.
    return { error: `the request cannot be written as JSON: ${(error as Error).message}` };
  }
  if (text.length > lengthOfOneReview) {
    return { error: `the request is ${text.length} characters long, where ${lengthOfOneReview} is the limit` };
  }
  if (nestedDeeper(text, depthOfOneReview)) {
    return { error: `the request is nested more than ${depthOfOneReview} deep` };
  }
  return text;
}

function describe({ request }: Review): string {
  const { operation, kind, subResource, namespace, name } = request;
  const what = subResource === undefined ? kind.kind : `${kind.kind}/${subResource}`;
  return `${operation} ${what} ${namespace}/${name ?? ""}`;
}
