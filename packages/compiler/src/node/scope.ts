import {
  matchesGlob,
  matchesRegistry,
  type Pattern,
  printRegistry,
  type RegistryPattern,
} from "@registry-policy/language";

/*
 * What a node's container runtime can say of images, by containers-policy.json(5) and containers-registries.conf(5): a
 * scope is a host, the sub-domains of a host, or a name and all that is below it, compared as text; or one image.
 */

/** Where a scope begins: a registry as it is written, or every sub-domain of a host at any depth and on any port. */
export type ScopeRegistry =
  | { readonly kind: "registry"; readonly host: string; readonly port?: string }
  | { readonly kind: "subdomains"; readonly domain: string };

export interface Scope {
  readonly registry: ScopeRegistry;
  /** Components of the repository; empty: all of the registry. Always empty for sub-domains. */
  readonly path: readonly string[];
  /** `:v1` or `@sha256:…`: the scope is one image. */
  readonly suffix?: string;
}

/** As both formats write it: `ghcr.io/acme`, `*.example.com`, `docker.io/library/nginx:1.27`. */
export function scopeText({ registry, path, suffix = "" }: Scope): string {
  const start = registry.kind === "subdomains" ? `*.${registry.domain}` : printRegistry(registry);
  return [start, ...path].join("/") + suffix;
}

/**
 * The scope that allows what a pattern of `allow` does, as far as a scope can: it also covers what is below a
 * repository, and the repository that a namespace is named like. A pattern that limits anything else has none.
 */
export function allowScope({ registry, repository, tag, digest }: Pattern): Scope | undefined {
  if (registry.kind === "any") return undefined;
  const isBelow = repository.at(-1) === "**";
  const path = isBelow ? repository.slice(0, -1) : repository;
  const suffix = tag === undefined ? (digest === undefined ? "" : `@${digest}`) : `:${tag}`;
  if (path.some(hasSign) || hasSign(suffix) || (tag !== undefined && digest !== undefined)) return undefined;
  if (suffix !== "" && isBelow) return undefined;
  const { labels, port } = registry;
  if (labels.some(hasSign)) {
    const [first, ...domain] = labels;
    // Sub-domains are covered with every port of theirs.
    const isSaid = first === "**" && domain.length > 0 && !domain.some(hasSign) && port === "any" && path.length === 0;
    return isSaid && suffix === ""
      ? { registry: { kind: "subdomains", domain: domain.join(".") }, path: [] }
      : undefined;
  }
  return { registry: writtenRegistry(labels, port), path, ...(suffix !== "" && { suffix }) };
}

/** Whether a pattern covers every reference. */
export function coversEverything({ registry, repository, tag, digest }: Pattern): boolean {
  return registry.kind === "any" && repository.join("/") === "**" && tag === undefined && digest === undefined;
}

/** The images of a pattern of `deny` and more, if need be: a registry, and one name with all that is below it. */
export interface DeniedArea {
  readonly registry: RegistryPattern;
  readonly path: readonly string[];
  /** `@sha256:…`, where just that is denied. */
  readonly suffix?: string;
}

/** Every wildcard is taken for all that it may stand for, and a tag for the whole repository: it is dropped where a digest follows. */
export function deniedArea({ registry, repository, tag, digest }: Pattern): DeniedArea {
  const wild = repository.findIndex(hasSign);
  const isOneImage = wild < 0 && tag === undefined && digest !== undefined && !hasSign(digest);
  return {
    registry,
    path: wild < 0 ? repository : repository.slice(0, wild),
    ...(isOneImage && { suffix: `@${digest}` }),
  };
}

/** The scope of an area where everything else is allowed; `undefined`: only all images together cover it. */
export function denyScope({ registry, path, suffix }: DeniedArea): Scope | undefined {
  if (registry.kind === "any") return undefined;
  const { labels, port } = registry;
  if (!labels.some(hasSign)) {
    return { registry: writtenRegistry(labels, port), path, ...(suffix !== undefined && { suffix }) };
  }
  const domain = labels.slice(labels.findLastIndex(hasSign) + 1);
  return domain.length === 0 ? undefined : { registry: { kind: "subdomains", domain: domain.join(".") }, path: [] };
}

/** How a denied area lies to a scope that is allowed. */
export type Overlap =
  | { readonly kind: "none" }
  /** All of the scope is denied, or more of it than the format can except. */
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly scope: Scope };

export function overlap(scope: Scope, area: DeniedArea): Overlap {
  const { registry, path, suffix } = scope;
  // Nothing can be excepted from sub-domains for sure: `Bad.example.com` is one of `*.example.com`, and is no
  // `bad.example.com`.
  if (registry.kind === "subdomains") {
    return mayBeBelow(area.registry, registry.domain.split(".")) ? { kind: "whole" } : { kind: "none" };
  }
  if (!matchesRegistry(area.registry, registry)) return { kind: "none" };
  const isBelow = startsWith(path, area.path);
  const isEqual = isBelow && path.length === area.path.length;
  if (isBelow && area.suffix === undefined) return { kind: "whole" };
  if (isEqual && suffix !== undefined) return { kind: suffix === area.suffix ? "whole" : "none" };
  if (suffix !== undefined || !startsWith(area.path, path)) return { kind: "none" };
  return {
    kind: "part",
    scope: { registry, path: area.path, ...(area.suffix !== undefined && { suffix: area.suffix }) },
  };
}

function writtenRegistry(labels: readonly string[], port: string): ScopeRegistry {
  const host = labels.join(".");
  return { kind: "registry", host, ...(port !== "default" && port !== "any" && { port }) };
}

/** Whether a registry that the pattern matches can be a sub-domain. */
function mayBeBelow(pattern: RegistryPattern, domain: readonly string[]): boolean {
  if (pattern.kind === "any") return true;
  const isOpen = pattern.labels[0] === "**";
  const labels = isOpen ? pattern.labels.slice(1) : pattern.labels;
  if (!isOpen && labels.length <= domain.length) return false;
  return domain
    .toReversed()
    .every((label, index) => index >= labels.length || matchesGlob(labels.at(-1 - index) ?? "", label, 1));
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((component, index) => component === path[index]);
}

function hasSign(text: string): boolean {
  return text.includes("*");
}
