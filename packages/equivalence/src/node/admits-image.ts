import { parseReference, readsAsRegistry } from "@registry-policy/language";
import { lookedUp, type NodePolicy } from "./node-policy.js";

/**
 * The reference evaluator of a node: whether it pulls an image, by containers-policy.json(5) and
 * containers-registries.conf(5). As those formats do, it compares registries as they are written. A tag beside a digest
 * is dropped before anything is looked up, as CRI-O and Podman do.
 *
 * @param image as it stands in a pod spec; what is no reference of the language is never pulled.
 */
export function admitsImage(node: NodePolicy, image: string): boolean {
  const name = pulledName(node, image);
  if (name === undefined || node.blocked.some((prefix) => hasPrefix(name, prefix))) return false;
  const scope = lookedUp(name).find((scope) => node.scopes.has(scope));
  return scope === undefined ? node.acceptsByDefault : node.scopes.get(scope) === true;
}

/** The scope that decides about an image; `undefined`: none, so that the default does, or the image is not pulled. */
export function decidingScope(node: NodePolicy, image: string): string | undefined {
  const name = pulledName(node, image);
  return name === undefined ? undefined : lookedUp(name).find((scope) => node.scopes.has(scope));
}

/** The image in full, with its digest or else its tag: `docker.io/library/nginx:latest`; `undefined` if it is not found. */
function pulledName({ searchRegistries }: NodePolicy, image: string): string | undefined {
  if ("invalid" in parseReference(image, "docker.io")) return undefined;
  const slash = image.indexOf("/");
  const isFull = slash >= 0 && readsAsRegistry(image.slice(0, slash));
  const [only, ...others] = searchRegistries;
  // With several registries a short name is ambiguous, and a kubelet has no terminal on which it could be asked.
  if (!isFull && (only === undefined || others.length > 0)) return undefined;
  const written = isFull ? image.slice(0, slash) : (only ?? "");
  const registry = written === "index.docker.io" ? "docker.io" : written;
  const [named = "", digest] = (isFull ? image.slice(slash + 1) : image).split("@");
  const [path = "", tag = "latest"] = named.split(":");
  const repository = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  return `${registry}/${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}

/** Whether a name starts with a prefix and goes on with a separator, which is no port: the manual page names none. */
function hasPrefix(name: string, prefix: string): boolean {
  if (prefix.startsWith("*.")) return lookedUp(name).includes(prefix);
  if (!name.startsWith(prefix)) return false;
  const next = name.charAt(prefix.length);
  return next === "" || next === "/" || (prefix.includes("/") && (next === ":" || next === "@"));
}
