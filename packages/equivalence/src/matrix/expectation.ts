import type { Decision, ImageViolation } from "@registry-policy/language";
import type { Expectation, ExpectedImage } from "../fixtures/fixture.js";

/** What the reference evaluator decided otherwise than a fixture expects, one sentence each; empty if all is as expected. */
export function expectationFailures({ verdict, images }: Expectation, decision: Decision): string[] {
  const decided = decision.verdict === "allow" || decision.verdict === "out-of-scope" ? decision.verdict : "deny";
  if (decided === "out-of-scope" && verdict !== "out-of-scope")
    return [`nothing judged it, where \`${verdict}\` is expected`];
  if (decided !== verdict) return [`\`${verdict}\` is expected, and it is \`${decided}\``];
  if (images === undefined) return [];
  if (images.length !== decision.violations.length) {
    return [`${count(images.length)} expected to violate the policy, and ${count(decision.violations.length)} found`];
  }
  const unmatched = findUnmatched(images, decision.violations);
  return unmatched.map((image) => `no violating image is as expected: ${describe(image)}`);
}

/**
 * The expected images for which no violation is left once as many as possible have one of their own. An expectation
 * may fit several violations, so the first that fits may have to be given up for another (Kuhn's matching).
 */
function findUnmatched(expected: readonly ExpectedImage[], violations: readonly ImageViolation[]): ExpectedImage[] {
  const takenBy = new Map<number, number>();
  const place = (index: number, tried: Set<number>): boolean =>
    violations.some((violation, at) => {
      if (tried.has(at) || !fits(expected[index], violation)) return false;
      tried.add(at);
      const holder = takenBy.get(at);
      if (holder !== undefined && !place(holder, tried)) return false;
      takenBy.set(at, index);
      return true;
    });
  return expected.filter((_, index) => !place(index, new Set()));
}

function fits(expected: ExpectedImage | undefined, violation: ImageViolation): boolean {
  return (
    expected !== undefined &&
    (expected.image ?? violation.image) === violation.image &&
    (expected.reason ?? violation.reason) === violation.reason &&
    (expected.field ?? violation.field) === violation.field
  );
}

function describe(image: ExpectedImage): string {
  return Object.entries(image)
    .map(([key, value]) => `${key} \`${value}\``)
    .join(", ");
}

function count(images: number): string {
  return images === 1 ? "1 image is" : `${images} images are`;
}
