/** What a node's files say of the images that it pulls, as it is read from them. */
export interface NodePolicy {
  /** What holds where no scope does. */
  readonly acceptsByDefault: boolean;
  /** Whether an image is accepted, by the scopes of the `docker` transport. */
  readonly scopes: ReadonlyMap<string, boolean>;
  /** Where a short name is looked for. */
  readonly searchRegistries: readonly string[];
  /** The prefixes of names that are not pulled at all. */
  readonly blocked: readonly string[];
}

/** The scopes that hold for a scope or an image, by containers-policy.json(5): the most specific first, itself included. */
export function lookedUp(text: string): string[] {
  const [withoutDigest = "", digest] = text.split("@");
  const slash = withoutDigest.indexOf("/");
  const colon = slash < 0 ? -1 : withoutDigest.indexOf(":", slash);
  const name = colon < 0 ? withoutDigest : withoutDigest.slice(0, colon);
  const all = digest !== undefined || colon >= 0 ? [text] : [];
  if (name.startsWith("*.")) return [...all, ...subdomainScopes(name.slice(2), [name])];
  const components = name.split("/");
  for (let length = components.length; length > 0; length -= 1) all.push(components.slice(0, length).join("/"));
  const [registry = ""] = components;
  return [...all, ...subdomainScopes(registry.replace(/:.*$/, ""), [])];
}

/** `a.b.c` is one of `*.b.c` and of `*.c`; the port is no part of it (containers/image, docker/policyconfiguration). */
function subdomainScopes(host: string, found: readonly string[]): string[] {
  const labels = host.split(".");
  return [...found, ...labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join(".")}`)];
}
