import { alternation } from "./alternation.js";

/**
 * Host names as one expression, in which what all of them begin and end with is written once, up to a dot or a dash:
 * `registry-(?:1|2)[.]my[.]com`.
 *
 * @param expressionOf what matches a part of a name.
 */
export function hostsExpression(hosts: readonly string[], expressionOf: (text: string) => string): string {
  const start = sharedStart(hosts).replace(/[^.-]*$/, "");
  const rests = hosts.map((host) => host.slice(start.length));
  const end = reversed(sharedStart(rests.map(reversed))).replace(/^[^.-]*/, "");
  const middles = rests.map((rest) => expressionOf(rest.slice(0, rest.length - end.length)));
  return expressionOf(start) + alternation(middles) + expressionOf(end);
}

function sharedStart([first = "", ...others]: readonly string[]): string {
  const length = [...first].findIndex((character, at) => others.some((other) => other[at] !== character));
  return length < 0 ? first : first.slice(0, length);
}

function reversed(text: string): string {
  return [...text].reverse().join("");
}
