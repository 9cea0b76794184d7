import type { Comparison, SideVerdict } from "@registry-policy/equivalence";

/** The report of `compare --output json`; its schema is `docs/schemas/compare.schema.json`. */
export function compareJson({ left, right, direction, differences, notes, isProof, asked }: Comparison): string {
  const report = {
    schemaVersion: 1,
    left,
    right,
    ...(direction !== undefined && { direction }),
    differences: differences.map(({ direction, cause, manifest, review, left, right }) => ({
      direction,
      cause,
      manifest,
      request: review.request,
      namespaceLabels: review.namespaceLabels,
      left: reported(left),
      right: reported(right),
    })),
    notes,
    asked,
    isProof,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function reported({ outcome, verdict, messages, error }: SideVerdict): object {
  return { outcome, verdict, messages, ...(error !== undefined && { error }) };
}
