/**
 * Whether JSON text is nested deeper than a limit. Go's decoder refuses a line that is nested more than 10,000 deep, and
 * with it every review of a batch.
 */
export function nestedDeeper(json: string, limit: number): boolean {
  // Each level costs two characters, so that nearly every text is short enough to be no question.
  if (json.length <= 2 * limit) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (inString) {
      if (character === "\\") i++;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      inString = true;
    } else if (character === "{" || character === "[") {
      if (++depth > limit) return true;
    } else if (character === "}" || character === "]") {
      depth--;
    }
  }
  return false;
}
