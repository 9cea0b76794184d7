/**
 * The objects of a file in which each line is one. The last line may be half written, and other lines no JSON at all:
 * a controller's log has both.
 *
 * @param {string} text
 * @returns {any[]}
 */
export function jsonLines(text) {
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("{") || !line.endsWith("}")) return [];
    try {
      return [JSON.parse(line)];
    } catch (error) {
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  });
}
