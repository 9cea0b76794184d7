import type { Diagnostic, Policy } from "@registry-policy/language";
import type { CompilerCode } from "../diagnostic-codes.js";
import type { NamedExpression } from "./named-expression.js";
import { type PolicyCel, policyCel } from "./policy-cel.js";

/** What an engine allows a policy to cost, in cel-go's units, and the pod for which that must be enough. */
export interface CostLimits {
  /** As the engine is called in a message. */
  readonly engine: string;
  /** Of one expression. Kubernetes' PerCallLimit (k8s.io/apiserver pkg/apis/cel/config.go), which Kyverno has too. */
  readonly perExpression: number;
  /**
   * Of all expressions together, where there is such a limit. Variables count twice: for the validation, and again for
   * its message, which is made for every request.
   */
  readonly total?: number;
  /** A target for the same clusters, or nearly, whose engine has no such limit. */
  readonly unlimited: string;
  /** How long the images of a pod with `images` images may be on average, in characters. */
  readonly imageLength: number;
}

/** How many images a pod must be able to have. */
const images = 50;

/** cel-go's parser reads no longer expression, in code points (defaultMaxCodePoints of its parser/options.go). */
const longestExpression = 100_000;

/** What costs something: the variables, and the message. */
export interface CelCosts {
  readonly variables: readonly NamedExpression[];
  readonly messageExpression: string;
}

/**
 * A policy as CEL that stays within an engine's limits. The reasons of the deny list are left out of the message, with a
 * warning, where they alone are too much.
 */
export function affordableCel(policy: Policy, limits: CostLimits): { cel: PolicyCel; diagnostics: Diagnostic[] } {
  const celOf = (withReasons: boolean) => policyCel(policy, { withReasons });
  const { withReasons, diagnostics } = affordable(policy, limits, (withReasons) => {
    const { variables, validation } = celOf(withReasons);
    return { variables, messageExpression: validation.messageExpression };
  });
  return { cel: celOf(withReasons), diagnostics };
}

/**
 * Whether a policy stays within an engine's limits with the reasons of its deny list, or without them alone.
 *
 * @param costs what it costs with the reasons, and without.
 * @returns an error where it does not in either way, a warning where the reasons are too much.
 */
export function affordable(
  policy: Policy,
  limits: CostLimits,
  costs: (withReasons: boolean) => CelCosts,
): { withReasons: boolean; diagnostics: Diagnostic[] } {
  const excess = findExcess(costs(true), limits);
  if (excess === undefined) return { withReasons: true, diagnostics: [] };
  if (findExcess(costs(false), limits) === undefined) {
    return { withReasons: false, diagnostics: [diagnostic(policy, "warning", excess, limits)] };
  }
  return { withReasons: true, diagnostics: [diagnostic(policy, "error", excess, limits)] };
}

function diagnostic(
  policy: Policy,
  severity: "error" | "warning",
  excess: string,
  { unlimited }: CostLimits,
): Diagnostic {
  const isError = severity === "error";
  return {
    code: "cel-too-costly" satisfies CompilerCode,
    severity,
    message: isError ? excess : `the reasons of \`deny\` are left out of the message: with them ${excess}`,
    ...policy.place,
    help: isError
      ? `write patterns without a wildcard before their end, which cost nothing, or use the target \`${unlimited}\``
      : "give fewer patterns a reason",
  };
}

/** What is too much of a policy, with the number; `undefined` where nothing is. */
function findExcess({ variables, messageExpression }: CelCosts, limits: CostLimits): string | undefined {
  const { engine, perExpression, total, imageLength } = limits;
  const expressions = [
    ...variables.map(({ name, expression }) => ({ name: `variables.${name}`, expression, times: 2 })),
    { name: "messageExpression", expression: messageExpression, times: 1 },
  ];
  const pod = `a pod with ${images} images of ${imageLength} characters`;
  for (const { name, expression } of expressions) {
    const cost = worstCost(expression, imageLength);
    if (cost > perExpression) {
      return `\`${name}\` would cost up to ${cost} for ${pod}, and ${engine} stops an expression at ${perExpression}`;
    }
    const length = [...expression].length;
    if (length > longestExpression) {
      return `\`${name}\` would have ${length} characters, and ${engine} reads no expression of more than ${longestExpression}`;
    }
  }
  const sum = expressions.reduce((cost, { expression, times }) => cost + times * worstCost(expression, imageLength), 0);
  if (total === undefined || sum <= total) return undefined;
  return `the policy would cost up to ${sum} for ${pod}, and ${engine} stops at ${total}`;
}

/**
 * The most that one expression can cost for all images, each of its steps taken for each. What counts are the
 * expressions of RE2: ⌈(characters of the image + 1) / 10⌉ × ⌈characters of the expression / 4⌉ each (costCall of
 * cel-go's interpreter/runtimecost.go). The other steps come to less than their share here.
 */
function worstCost(expression: string, imageLength: number): number {
  const lengths = [...expression.matchAll(/\.(?:matches|find)\('((?:[^'\\]|\\.)*)'\)/g)].map(
    ([, text = ""]) => text.length,
  );
  const perCharacter = lengths.reduce((sum, length) => sum + Math.ceil(length / 4), 0);
  // What has no macro is evaluated once, whatever the number of images.
  if (lengths.length === 0 && !/\.(?:map|filter|exists|all)\(/.test(expression)) return 40;
  const otherSteps = lengths.length > 0 ? 60 + imageLength / 4 : 40;
  return images * (Math.ceil((imageLength + 1) / 10) * perCharacter + Math.ceil(otherSteps));
}
