import type { Review } from "@registry-policy/language";
import { nestedDeeper } from "./nested-deeper.js";
import { reviewText } from "./review-text.js";
import { maxRequestLength, type RawJson } from "./stdio-protocol.js";

/** Consecutive reviews that go to the host in one request. */
export interface Batch {
  /** The index of its first review. */
  readonly first: number;
  readonly reviews: readonly Review[];
  readonly texts: readonly RawJson[];
  /** What its first review is, for an error message. */
  readonly description: string;
}

/** A review that cannot be sent, and so is judged by nobody. */
export interface Unsendable {
  readonly first: number;
  /** That review alone. */
  readonly reviews: readonly Review[];
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
  let texts: RawJson[] = [];
  let length = 0;
  const cutBefore = (end: number): Batch => {
    const first = end - texts.length;
    const batch = { first, reviews: reviews.slice(first, end), texts, description: describe(reviews[first] as Review) };
    texts = [];
    length = 0;
    return batch;
  };
  for (const [i, review] of reviews.entries()) {
    const text = written(review);
    const fits = typeof text === "string" && length + text.length <= lengthOfOneBatch;
    if (texts.length > 0 && (!fits || texts.length === reviewsInOneBatch)) yield cutBefore(i);
    if (typeof text === "string") {
      texts.push(text);
      length += text.length;
    } else {
      yield { first: i, reviews: [review], error: text.error };
    }
  }
  if (texts.length > 0) yield cutBefore(reviews.length);
}

/** A review as JSON, or why it cannot be sent. */
function written(review: Review): RawJson | { readonly error: string } {
  let text: string;
  try {
    text = reviewText(review);
  } catch (error) {
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
