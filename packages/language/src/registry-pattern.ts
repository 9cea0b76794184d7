import type { PatternList, RegistryPattern } from "./pattern.js";
import { quote } from "./quote.js";
import { isBracketedAddress, isDockerHub, isHostLabel, parsePort, parseRegistry, readsAsRegistry } from "./registry.js";
import type { TextProblem } from "./text-problem.js";

/** The registry of a pattern, and what follows from it for the rest of the pattern. */
export interface ParsedRegistry {
  readonly pattern: RegistryPattern;
  /** As it is printed in the list that it stands in. */
  readonly text: string;
  /** Whether a repository of one component gets `library/` in front. */
  readonly isDockerHub: boolean;
}

/**
 * Whether a pattern, without its tag and digest, begins with a registry: what stands before the first `/` reads as
 * one in a reference, or is `**`. Without a `/` a port is not enough, or `redis:7` would be a registry.
 */
export function hasRegistry(location: string): boolean {
  const slash = location.indexOf("/");
  if (slash >= 0) return location.startsWith("**/") || readsAsRegistry(location.slice(0, slash));
  const host = (location.split(":")[0] ?? "").toLowerCase();
  return location === "**" || location.startsWith("[") || readsAsRegistry(host);
}

/**
 * Parses the registry of a pattern. Without wildcards it is normalised as that of a reference is; with wildcards it
 * is matched against normalised registries as it stands, its port normalised.
 *
 * @param list what an absent port means.
 * @param whole the pattern that it is part of, for the messages.
 */
export function parseRegistryPattern(
  text: string,
  list: PatternList,
  whole: string,
): ParsedRegistry | { readonly problem: TextProblem } {
  if (text === "**") return { pattern: { kind: "any" }, text, isDockerHub: false };
  if (!text.includes("*")) return literalRegistry(text, list, whole);

  const colon = text.startsWith("[") ? text.indexOf(":", text.indexOf("]") + 1) : text.indexOf(":");
  const host = colon < 0 ? text : text.slice(0, colon);
  const port = colon < 0 ? absentPort[list] : portPattern(text.slice(colon + 1));
  if (port === undefined) return invalidPort(text.slice(colon + 1), whole);

  const problem = host.startsWith("[") ? bracketProblem(host, whole) : hostProblem(host, whole);
  if (problem !== undefined) return { problem };
  // Only the port can have a wildcard where the host is bracketed: its letters are normalised.
  const labels = host.startsWith("[") ? [host.toLowerCase()] : host.split(".");
  return registryPattern(labels, port, list, false);
}

/** Each list reads an absent port on the safe side. */
const absentPort = { allow: "default", deny: "any" } as const satisfies Record<PatternList, string>;

function literalRegistry(text: string, list: PatternList, whole: string): ParsedRegistry | { problem: TextProblem } {
  const registry = parseRegistry(text);
  if ("invalid" in registry) {
    const port = text.slice(text.indexOf("]") + 1).replace(/^[^:]*:/, "");
    if (registry.invalid.includes("port")) return invalidPort(port, whole);
    return {
      problem: {
        code: "invalid-pattern",
        message: `${quote(text)} of ${quote(whole)} is no valid registry`,
        help: "a registry is a host name or an address, with `:` and a port where it is not 443",
      },
    };
  }
  const labels = registry.host.startsWith("[") ? [registry.host] : registry.host.split(".");
  const isWritten = /:[0-9]+$/.test(text) && !isBracketedAddress(text.toLowerCase());
  const port = registry.port ?? (isWritten ? "default" : absentPort[list]);
  return registryPattern(labels, port, list, isDockerHub(registry));
}

function registryPattern(
  labels: readonly string[],
  port: string,
  list: PatternList,
  isDockerHub: boolean,
): ParsedRegistry {
  const host = labels.join(".");
  // With no port, `docker.io` and `index.docker.io` would be read as Docker Hub, for which more holds.
  const isAbsent =
    port === absentPort[list] && readsAsRegistry(host) && (isDockerHub || !/^(index\.)?docker\.io$/.test(host));
  return { pattern: { kind: "host", labels, port }, text: isAbsent ? host : printHost(host, port), isDockerHub };
}

function printHost(host: string, port: string): string {
  if (port === "any") return `${host}:*`;
  return `${host}:${port === "default" ? "443" : port}`;
}

/** `default`, `any` or digits; `undefined` if it is no port. */
function portPattern(text: string): string | undefined {
  if (text === "*") return "any";
  const port = parsePort(text);
  return port === "invalid" ? undefined : (port ?? "default");
}

function invalidPort(port: string, whole: string): { problem: TextProblem } {
  const [, host, tag] = /^([^/:]+):([^/]+)$/.exec(whole) ?? [];
  const help =
    host !== undefined && tag !== undefined
      ? `write ${quote(`${host}/**:${tag}`)} if ${quote(tag)} is a tag`
      : "a port is a number, or `*` for any port or none";
  return {
    problem: {
      code: "invalid-pattern",
      message: `${quote(port)} of ${quote(whole)} stands for a port, but is none`,
      help,
    },
  };
}

function bracketProblem(host: string, whole: string): TextProblem | undefined {
  if (isBracketedAddress(host.toLowerCase())) return undefined;
  return {
    code: "invalid-pattern",
    message: `${quote(host)} of ${quote(whole)} is no address in brackets`,
    help: "write the address in full: no wildcard stands for a part of it",
  };
}

function hostProblem(host: string, whole: string): TextProblem | undefined {
  const labels = host.split(".");
  const starred = labels.slice(labels[0] === "**" && labels.length > 1 ? 1 : 0);
  if (starred.some((label) => label.includes("**"))) {
    return host === "**"
      ? {
          code: "misplaced-double-star",
          message: `${quote(whole)} has a port after \`**\`, which is any registry at any port`,
          help: "write `**` alone, which is any registry at any port, or `*:5000` for a host of one label",
        }
      : {
          code: "misplaced-double-star",
          message: `${quote(host)} of ${quote(whole)} has a \`**\` that is neither alone nor the first label`,
          help: "write `**.example.com` for one or more labels in front, `*` for a part of one label, `**` alone for any registry",
        };
  }
  // A sign stands for at least one character: with a letter in its place the label is valid, or never.
  const bad = starred.find((label) => !isHostLabel(label.replaceAll("*", "x")));
  if (bad === undefined) return undefined;
  return {
    code: "pattern-matches-nothing",
    message: `no registry has a label ${quote(bad)}, as ${quote(whole)} asks for`,
    help: /[A-Z]/.test(bad)
      ? "write it in lower case: registries are compared in lower case"
      : "a label is letters, digits and `-`, the first and the last no `-`",
  };
}
