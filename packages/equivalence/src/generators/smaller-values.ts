/** More steps than this from one value are not tried. */
const maximumSteps = 400;

/**
 * Every JSON value that is one step smaller than another: a property or an item left out, a text shortened, a value
 * replaced by a simpler one. The steps that take the most away come first.
 */
export function smallerValues(value: unknown): unknown[] {
  return [...steps(value)]
    .map((smaller) => ({ smaller, size: JSON.stringify(smaller)?.length ?? 0 }))
    .sort((a, b) => a.size - b.size)
    .slice(0, maximumSteps)
    .map(({ smaller }) => smaller);
}

function* steps(value: unknown): Generator<unknown, undefined> {
  if (typeof value === "string") yield* shorterTexts(value);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield value.toSpliced(index, 1);
      for (const smaller of steps(item)) yield value.with(index, smaller);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const { [key]: _, ...rest } = value as Record<string, unknown>;
      yield rest;
      for (const smaller of steps(item)) yield { ...value, [key]: smaller };
    }
  } else if (typeof value === "number" && value !== 0) yield 0;
}

function* shorterTexts(text: string): Generator<string, undefined> {
  const characters = [...text];
  if (characters.length === 0) return;
  if (characters.length > 1) yield "a";
  const half = Math.floor(characters.length / 2);
  if (half > 1) {
    yield characters.slice(half).join("");
    yield characters.slice(0, half).join("");
  }
  for (const parts of splits(text)) yield parts;
  if (characters.length > 40) return;
  for (const index of characters.keys()) yield characters.toSpliced(index, 1).join("");
}

/** Whole components left out of an image or a pattern. */
function* splits(text: string): Generator<string, undefined> {
  for (const separator of ["/", ":", "@", "."]) {
    const parts = text.split(separator);
    if (parts.length < 2) continue;
    for (const index of parts.keys()) yield parts.toSpliced(index, 1).join(separator);
  }
}
