/**
 * Patterns that cannot be looked up, found by the literal text in front of their first `*` or after their last: one
 * step for each length of such a text, so that what a review pays grows with the lengths and not with the patterns.
 * One of `start` and `end` is there: the length.
 */
export interface PatternStep {
  readonly start?: number;
  readonly end?: number;
  /** By the literal text, then by the pattern as it is printed: how it is matched. */
  readonly patterns: Readonly<Record<string, Readonly<Record<string, PatternForm>>>>;
}

/**
 * `true`: one `*`, in one label or component. `**.`: any labels in front. `/**`: as `true`, and any components behind.
 * Otherwise an expression (RE2) that is anchored at both ends: in WebAssembly it is compiled anew in every evaluation,
 * so it is what is left.
 */
export type PatternForm = true | string;

/** A pattern with a wildcard, as it is printed, and how it is found and matched. */
export interface WildcardPattern {
  readonly text: string;
  /** Every text that matches starts with it. */
  readonly start: string;
  /** Every text that matches ends with it. */
  readonly end: string;
  readonly form: PatternForm;
}

/** Steps that hold the patterns, each once, found by the longer of its literal texts. */
export function patternSteps(patterns: readonly WildcardPattern[]): PatternStep[] {
  const steps = new Map<
    string,
    { start?: number; end?: number; patterns: Record<string, Record<string, PatternForm>> }
  >();
  for (const { text, start, end, form } of patterns) {
    const atStart = start.length >= end.length;
    const literal = atStart ? start : end;
    const key = `${atStart ? "start" : "end"} ${literal.length}`;
    const step = steps.get(key) ?? { [atStart ? "start" : "end"]: literal.length, patterns: {} };
    steps.set(key, step);
    const found = step.patterns[literal] ?? {};
    step.patterns[literal] = found;
    found[text] = form;
  }
  return [...steps.values()];
}

/** A pattern of a host, such as `*.dkr.ecr.*.amazonaws.com`; `undefined` for a host without wildcards. */
export function wildcardHost(labels: readonly string[]): WildcardPattern | undefined {
  const text = labels.join(".");
  if (!text.includes("*")) return undefined;
  const expression = labels
    .map((label, index) =>
      label === "**" && index === 0 ? "(?:[^.]+[.])*[^.]+" : label.split("*").map(quoteForExpression).join("[^.]+"),
    )
    .join("[.]");
  const anyLabels = /^\*\*\.[^*]+$/.test(text);
  const form = anyLabels ? "**." : isSingleStar(text) ? true : `^${expression}$`;
  return { text, ...literalEnds(text), form };
}

/** A pattern of a repository that is neither literal nor literal but for a `/**` at its end. */
export function wildcardRepository(components: readonly string[]): WildcardPattern | undefined {
  const text = components.join("/");
  if (!text.includes("*") || /^([^*]+\/)?\*\*$/.test(text)) return undefined;
  const last = components.length - 1;
  const expression = components
    .map((component, index) => {
      if (component === "**") return index === last ? ".+" : "(?:[^/]+/)*";
      return component.split("*").map(quoteForExpression).join("[^/]*") + (index === last ? "" : "/");
    })
    .join("");
  const { start, end } = literalEnds(text);
  // A `**` in front may stand for no component, and then what follows has no `/` in front.
  const leading = components.findIndex((component) => component !== "**");
  const isFree = leading > 0 && !components.slice(leading).join("/").includes("*");
  return {
    text,
    start,
    end: isFree ? end.slice(1) : end,
    form: isSingleStar(text) ? true : isSingleStar(text.replace(/\/\*\*$/, "")) ? "/**" : `^${expression}$`,
  };
}

function isSingleStar(text: string): boolean {
  return text.split("*").length === 2;
}

function literalEnds(text: string): { start: string; end: string } {
  return { start: text.slice(0, text.indexOf("*")), end: text.slice(text.lastIndexOf("*") + 1) };
}

/** The characters of hosts and repositories, of which only the dot means something to RE2. */
function quoteForExpression(text: string): string {
  return text.replaceAll(".", "[.]");
}
