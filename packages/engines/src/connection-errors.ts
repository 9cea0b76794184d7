import { waysToAHost } from "./find-host.js";
import { HostError } from "./host-error.js";
import { type Hello, protocolVersion } from "./stdio-protocol.js";

/** The binary cannot be run. */
export function notStarted(path: string, error: NodeJS.ErrnoException): HostError {
  const why = error.code === "EACCES" ? "it may not be executed" : (error.code ?? error.message);
  return new HostError("host-missing", `the engine host at \`${path}\` cannot be started: ${why}`, waysToAHost());
}

/** The host is of another version. */
export function otherVersion(path: string, hello: Hello): HostError {
  return new HostError(
    "host-version",
    `the engine host at \`${path}\` is version ${hello.host} and speaks protocol ${hello.protocol}, where protocol ${protocolVersion} is needed`,
    `it belongs to another version of registry-policy\n${waysToAHost()}`,
  );
}

/** The host has not said its hello in time. */
export function silent(path: string, timeout: number): HostError {
  return new HostError(
    "host-hanging",
    `the engine host at \`${path}\` has not said what it is for ${timeout / 1000} s`,
    `check that it is a registry-policy-host: run it by hand with the argument \`version\`\n${waysToAHost()}`,
  );
}

/** The host has not answered a request in time. */
export function hanging(path: string, timeout: number, doing: string): HostError {
  return new HostError(
    "host-hanging",
    `the engine host at \`${path}\` has not answered for ${timeout / 1000} s while ${doing}; it was stopped`,
    "an engine can take very long on a pattern with many wildcards: judge fewer requests at a time to find the one that it is",
  );
}

/** The host has ended before it was closed. */
export function ended(path: string, how: string, doing: string, said: string): HostError {
  const words = said.trim();
  return new HostError(
    "host-ended",
    `the engine host at \`${path}\` ${how}${doing}`,
    words === ""
      ? "it said nothing; if the system was short of memory, judge fewer requests at a time"
      : `it said: ${words}`,
  );
}

/** The host wrote something else than a message of the protocol. */
export function garbage(path: string, line: string, doing: string): HostError {
  const start = line.length > 80 ? `${line.slice(0, 80)}…` : line;
  return new HostError(
    "host-garbage",
    `the engine host at \`${path}\` wrote a line that is not of its protocol${doing}: \`${start}\``,
    `check that it is a registry-policy-host, and of this version\n${waysToAHost()}`,
  );
}

/** The host answered that it could not carry a request out that was in order. */
export function notCarriedOut(doing: string, message: string): HostError {
  return new HostError(
    "host-failed",
    `${doing} failed: ${message}`,
    "this is a bug in registry-policy: please report it with the policy and the request",
  );
}
