/** What a text is not, and why: `the registry is no valid host`. */
export interface Invalid {
  readonly invalid: string;
}

/** A registry, normalised. `port` is absent where it is 443. */
export interface Registry {
  readonly host: string;
  readonly port?: string;
}

/** Whether the text before the first `/` of a reference is a registry, not the first part of a short name. */
export function readsAsRegistry(text: string): boolean {
  return /[.:A-Z]/.test(text) || text === "localhost";
}

/**
 * Normalises a registry: lower case, no leading zeros in the port, no port 443, `docker.io` for `index.docker.io`.
 * The order matters: `INDEX.DOCKER.IO:0443` is Docker Hub.
 */
export function parseRegistry(text: string): Registry | Invalid {
  const lower = text.toLowerCase();
  const portColon = lower.startsWith("[") ? lower.indexOf(":", lower.indexOf("]") + 1) : lower.indexOf(":");
  const host = portColon < 0 ? lower : lower.slice(0, portColon);
  const port = portColon < 0 ? undefined : parsePort(lower.slice(portColon + 1));
  if (!isHost(host)) return { invalid: "the registry is no valid host" };
  if (port === "invalid") return { invalid: "the port of the registry is not a number" };
  if (host === "index.docker.io" && port === undefined) return { host: "docker.io" };
  return { host, ...(port !== undefined && { port }) };
}

/** Digits without leading zeros, `undefined` for 443, or `invalid`. Their range is not judged. */
export function parsePort(text: string): string | undefined | "invalid" {
  if (!/^[0-9]+$/.test(text)) return "invalid";
  const port = text.replace(/^0+(?=[0-9])/, "");
  return port === "443" ? undefined : port;
}

/** `host[:port]` such that reading it again gives the same registry: what has no dot needs its port to be one. */
export function printRegistry({ host, port }: Registry): string {
  if (port !== undefined) return `${host}:${port}`;
  // `[AB]/x` is a registry for its upper-case letters alone; printed in lower case it needs its port as `corp` does.
  return readsAsRegistry(host) ? host : `${host}:443`;
}

/** Only here does a repository of one component get `library/` in front. */
export function isDockerHub(registry: Registry): boolean {
  return registry.host === "docker.io" && registry.port === undefined;
}

const hostLabel = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const bracketedAddress = /^\[[a-f0-9:]+\]$/;

/** A label of a host name in lower case. */
export function isHostLabel(text: string): boolean {
  return hostLabel.test(text);
}

export function isBracketedAddress(text: string): boolean {
  return bracketedAddress.test(text);
}

function isHost(host: string): boolean {
  return host.startsWith("[") ? isBracketedAddress(host) : host.split(".").every(isHostLabel);
}
