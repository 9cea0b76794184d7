import { alternation, groupBy } from "../../expressions/alternation.js";
import { hostsExpression } from "../../expressions/hosts-expression.js";
import { literal } from "../../expressions/literal.js";
import { component } from "../../expressions/reference-grammar.js";
import type { AllowedNames } from "./allowed-names.js";
import { eachMatches, tagAndDigest } from "./valid-images.js";

/** Up to this length of its expression, a list of names costs less as one expression than when it is looked up. */
const maximumExpressionLength = 350;

/**
 * JMESPath on a list of images: whether each has one of the names, and a valid rest but for what `isInvalidStill` asks;
 * undefined for names that are better looked up.
 *
 * @param list JMESPath for the list.
 */
export function allNamed({ names }: AllowedNames, list: string): string | undefined {
  const below = names.filter((name) => name.endsWith("/"));
  const whole = names.filter((name) => !name.endsWith("/"));
  const expression = alternation([
    ...(below.length > 0 ? [`${namesExpression(below)}(?:/${component})+`] : []),
    ...(whole.length > 0 ? [namesExpression(whole)] : []),
  ]);
  return expression.length <= maximumExpressionLength ? eachMatches(expression + tagAndDigest, list) : undefined;
}

/** Registries that have the same repositories share an alternative. */
function namesExpression(names: readonly string[]): string {
  const byHost = groupBy(names, (name) => name.slice(0, name.indexOf("/")));
  const hosts = [...byHost].map(([host, group]) => ({
    host,
    paths: alternation(group.map((name) => literal(name.slice(host.length).replace(/[/]$/, "")))),
  }));
  const byPaths = groupBy(hosts, ({ paths }) => paths);
  return alternation(
    [...byPaths].map(
      ([paths, group]) =>
        `(?i:${hostsExpression(
          group.map(({ host }) => host),
          anyCase,
        )})(?::0*443)?${paths}`,
    ),
  );
}

/** `ſ` is an `s` without regard to case, and the Kelvin sign a `k`: here nothing has asked yet for ASCII. */
function anyCase(text: string): string {
  return literal(text).replace(/[ks]/g, (letter) => `(?-i:[${letter.toUpperCase()}${letter}])`);
}
