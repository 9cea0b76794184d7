import type { ExplainedImage, Explanation } from "../explain-images.js";

/** The report of `explain --output json`; its schema is `docs/schemas/explain.schema.json`. */
export function explainJson({ policy, images }: Explanation): string {
  return `${JSON.stringify({ schemaVersion: 1, policy, images: images.map(reportedImage) }, null, 2)}\n`;
}

function reportedImage({ image, reference, verdict, reason, pattern }: ExplainedImage): object {
  return {
    image,
    reference:
      reference === undefined
        ? null
        : {
            registry: reference.registry,
            repository: reference.repository,
            tag: reference.tag ?? null,
            digest: reference.digest ?? null,
          },
    verdict,
    reason: reason ?? null,
    pattern: pattern?.text ?? null,
    location: pattern?.place.location ?? null,
  };
}
