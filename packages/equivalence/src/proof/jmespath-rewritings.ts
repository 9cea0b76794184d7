import { type Preimage, type Transducer, transducing } from "@registry-policy/automata";

/*
 * What `regex_replace_all` makes of an image with the expressions that look for its name, each for every text that has
 * no quote. Go's `regexp` prefers the leftmost match, and of those the one that repeats the most.
 */

/** The expressions that take the name out of a quoted image, as far as what is between them. */
const quoted = ['"([^/":]*)(?::0*443)?', '[^"]*"'] as const;
const allComponents = '((?:/[^/":@]+)*)';
const component = '/[^/":@]+';
const someComponents = /^\(((?:\/\[\^\/":@\]\+)*)\/\)\?$/;

/**
 * The rewriting of an image to `$1$2`, by the expression that finds both in the quoted image; undefined for an
 * expression that is not known.
 */
export function nameInQuotes(expression: string): Preimage | undefined {
  const [before, after] = quoted;
  if (!expression.startsWith(before) || !expression.endsWith(after)) return undefined;
  const path = expression.slice(before.length, -after.length);
  if (path === allComponents) return transducing(hostAnd(everyComponent));
  const some = someComponents.exec(path)?.[1];
  if (some === undefined) return undefined;
  return transducing(hostAnd(firstComponents(some.length / component.length)));
}

/** The states in which a path is read, and those of them in which a text may end. */
interface PathStates {
  readonly step: (state: string, character: string) => readonly (readonly [string, string])[];
  readonly isFinal: (state: string) => boolean;
  readonly states: readonly string[];
}

/** The host, as far as its port if that is 443, and then a path. What follows either is left out. */
function hostAnd(path: PathStates): Transducer {
  const port: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    port: { "0": "port", "4": "port4" },
    port4: { "4": "port44" },
    port44: { "3": "ported" },
  };
  return {
    start: "host",
    silent: ["rest"],
    final: ["host", "rest", "ported", ...Object.keys(port), ...path.states.filter(path.isFinal)],
    step(state, character) {
      if (state === "rest") return [["rest", ""]];
      if (state === "host" || state === "ported") {
        if (character === "/") return path.step("path", character);
        if (state === "ported") return [["rest", ""]];
        return character === ":" ? [["port", ""]] : [["host", character]];
      }
      const next = port[state];
      // A port that is another one is left out as well, with all that follows.
      if (next !== undefined) return [[next[character] ?? "rest", ""]];
      return path.step(state, character);
    },
  };
}

const endsComponent = (character: string) => character === ":" || character === "@";

/** As many components as there are, each behind its `/`. */
const everyComponent: PathStates = {
  states: ["open", "component", "stop"],
  isFinal: (state) => state !== "open",
  step(state, character) {
    const isEnd = endsComponent(character);
    switch (state) {
      case "open":
        return isEnd || character === "/" ? [] : [["component", character]];
      // A `/` that no component follows.
      case "stop":
        return isEnd || character === "/" ? [["rest", ""]] : [];
      default:
        if (isEnd) return [["rest", ""]];
        if (character !== "/") return [["component", character]];
        return [
          ["open", "/"],
          ["stop", ""],
        ];
    }
  },
};

/** So many components and the `/` behind them, or nothing. States say how many were begun, and in which way. */
function firstComponents(count: number): PathStates {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return {
    states: numbers.flatMap((at) => ["take", "taking", "skip", "skipping"].map((state) => `${state} ${at}`)),
    isFinal: (state) => state.startsWith("skip"),
    step(state, character) {
      if (state === "path") {
        if (count === 0) return [["rest", "/"]];
        return [
          ["take 1", "/"],
          ["skip 1", ""],
        ];
      }
      const [way = "", number = ""] = state.split(" ");
      const at = Number(number);
      const isTaken = way.startsWith("tak");
      const begun = isTaken ? "taking" : "skipping";
      if (character !== "/" && !endsComponent(character)) return [[`${begun} ${at}`, isTaken ? character : ""]];
      const goesOn = character === "/" && way === begun;
      // What is skipped has to be no such path, and what is taken one.
      if (!goesOn) return isTaken ? [] : [["rest", ""]];
      if (at < count) return [[`${isTaken ? "take" : "skip"} ${at + 1}`, isTaken ? "/" : ""]];
      return isTaken ? [["rest", "/"]] : [];
    },
  };
}

/** What `nameOfReference` is the rewriting of, with `$1` for what is found. */
export const nameExpression = ":0*443(/)|[:@][^/]*$";

/**
 * The rewriting of a reference that leaves out every port 443, and tag and digest. Of a `:` or `@` that is kept, the
 * state says that a `/` has to follow it, and how much of a port 443 does.
 */
export const nameOfReference = transducing({
  start: "plain",
  final: ["plain", "tail"],
  silent: ["tail"],
  step(state, character) {
    const [way = "", number] = state.split(" ");
    if (way === "tail") return character === "/" ? [] : [["tail", ""]];
    if (way === "port") {
      const next = portAfter(number ?? "", character);
      if (next === undefined) return [];
      return next === "443/" ? [["plain", "/"]] : [[`port ${next}`, ""]];
    }
    if (way === "other") {
      const next = portAfter(number ?? "", character);
      if (next === "443/") return [];
      if (next !== undefined) return [[`other ${next}`, character]];
    }
    if (character === "/") return [["plain", "/"]];
    if (character !== ":" && character !== "@") return [[way === "plain" ? "plain" : "owing", character]];
    const kept = [character === ":" ? "other " : "owing", character] as const;
    const port = character === ":" ? [["port ", ""] as const] : [];
    return way === "plain" ? [kept, ...port, ["tail", ""] as const] : [kept, ...port];
  },
});

/** How much of `0*443/` was read with one more character. */
function portAfter(read: string, character: string): string | undefined {
  if (read === "" && character === "0") return "";
  const all = read + character;
  return "443/".startsWith(all) ? all : undefined;
}
