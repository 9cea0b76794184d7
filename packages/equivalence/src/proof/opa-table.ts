import {
  allBut,
  and,
  anything,
  differenceOf,
  type Expression,
  type Language,
  matching,
  notIncluded,
  oneOf,
  parseExpression,
  rangeOf,
  repeat,
  sequence,
  setOf,
  text,
} from "@registry-policy/automata";
import type { Pattern, RegistryPattern } from "@registry-policy/language";
import { isMap } from "./is-map.js";
import { Unreadable } from "./proof.js";
import { type Fields, fieldOf, fieldsOf } from "./read-fields.js";

/**
 * The patterns that the Rego finds in one list of `data.json`. A pattern that stands in the list in such a way that
 * the Rego never comes to it is none: what is lost by it shows as a difference.
 *
 * @param list what a registry without a port means.
 * @throws Unreadable for what has another form than the compiler writes.
 */
export function tablePatterns(value: unknown, path: string, list: "allow" | "deny"): Pattern[] {
  const table = fieldsOf(value, path, ["patterns", "hosts", "repositories", "depths"]);
  const hosts = findable(fieldOf(table, "hosts") ?? [], `${path}.hosts`, ".");
  const repositories = mapOf(fieldOf(table, "repositories") ?? {}, `${path}.repositories`);
  const depths = mapOf(fieldOf(table, "depths") ?? {}, `${path}.depths`);
  const patterns: Pattern[] = [];
  for (const [key, found] of Object.entries(mapOf(fieldOf(table, "patterns"), `${path}.patterns`))) {
    const registry = registryPattern(key, list, hosts);
    if (registry === undefined) continue;
    const steps = findable(own(repositories, key) ?? [], `${path}.repositories`, "/");
    const lengths = own(depths, key);
    for (const [repository, images] of Object.entries(mapOf(found, `${path}.patterns`))) {
      if (!isFound(repository, lengths, steps)) continue;
      for (const image of imagesOf(images, `${path}.patterns`)) {
        patterns.push({ text: `${key}/${repository}`, registry, repository: repository.split("/"), ...image });
      }
    }
  }
  return patterns;
}

/** `undefined` for a registry that no reference has, as references are printed. */
function registryPattern(key: string, list: "allow" | "deny", hosts: ReadonlySet<string>): RegistryPattern | undefined {
  if (key === "**") return { kind: "any" };
  const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(key) ?? [];
  if (host !== host.toLowerCase()) return undefined;
  if (host.includes("*") && !hosts.has(host)) return undefined;
  if (!/^(?:\[[a-f0-9:]+\]|[a-z0-9.*-]+)$/.test(host)) return undefined;
  const labels = host.startsWith("[") ? [host] : host.split(".");
  if (port === undefined) return { kind: "host", labels, port: list === "allow" ? "default" : "any" };
  if (port === "443") return { kind: "host", labels, port: "default" };
  if (port === "*") return { kind: "host", labels, port: "any" };
  return /^(?:0|[1-9][0-9]*)$/.test(port) ? { kind: "host", labels, port } : undefined;
}

/** Whether the Rego's `repository_patterns` comes to a repository: by itself, by the depth of a `/**`, by a step. */
function isFound(repository: string, depths: unknown, steps: ReadonlySet<string>): boolean {
  if (!repository.includes("*")) return true;
  if (steps.has(repository)) return true;
  const components = repository.split("/");
  const isBelow = components.at(-1) === "**" && !components.slice(0, -1).join("/").includes("*");
  return isBelow && Array.isArray(depths) && depths.includes(components.length - 1);
}

/** What may stand behind the repository, each as it is printed. */
function imagesOf(value: unknown, path: string): Pick<Pattern, "tag" | "digest">[] {
  if (value === true || typeof value === "string") return [{}];
  const images = fieldsOf(value, path, ["is", "like"]);
  const written = keysOf(images, "is", path).filter((image) => !image.includes("*"));
  return [...written, ...keysOf(images, "like", path)].map((image) => {
    const [, tag, digest] = /^(?::([A-Za-z0-9_.*-]+))?(?:@([a-z0-9:*]+))?$/.exec(image) ?? [];
    if (image !== "" && tag === undefined && digest === undefined) {
      throw new Unreadable(`\`${image}\` in \`${path}\` is neither a tag nor a digest`);
    }
    return { ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
  });
}

function keysOf(images: Fields, key: string, path: string): string[] {
  const reasons = mapOf(fieldOf(images, key) ?? {}, path);
  const odd = Object.values(reasons).find((reason) => reason !== true && typeof reason !== "string");
  if (odd !== undefined) throw new Unreadable(`\`${path}\` has a reason that is no text`);
  return Object.keys(reasons);
}

const hostCharacters = rangeOf("a", "z") | rangeOf("0", "9") | setOf("-");
const hosts = matching(parseExpression("^[a-z0-9-]+(?:[.][a-z0-9-]+)*$"));
const repositories = matching(parseExpression("^[a-z0-9._-]+(?:/[a-z0-9._-]+)*$"));

/**
 * The patterns with a wildcard that the steps find. What a step says of a pattern has to be what the pattern itself
 * says of every host or repository.
 */
function findable(value: unknown, path: string, separator: "." | "/"): Set<string> {
  if (!Array.isArray(value)) throw new Unreadable(`\`${path}\` is no list`);
  const found = new Set<string>();
  for (const step of value) {
    const fields = fieldsOf(step, path, ["start", "end", "patterns"]);
    const [start, end] = [fieldOf(fields, "start"), fieldOf(fields, "end")];
    if ((start === undefined) === (end === undefined)) throw new Unreadable(`a step of \`${path}\` has no one end`);
    for (const [literal, forms] of Object.entries(mapOf(fieldOf(fields, "patterns"), path))) {
      // A literal of another length is never looked up.
      if (literal.length !== (start ?? end)) continue;
      const at = start === undefined ? sequence(anything, text(literal)) : sequence(text(literal), anything);
      for (const [pattern, form] of Object.entries(mapOf(forms, path))) {
        const domain = separator === "." ? hosts : repositories;
        const meant = matching(separator === "." ? hostExpression(pattern) : repositoryExpression(pattern));
        const said = and(domain, matching(at), formLanguage(pattern, form, separator));
        const difference = differenceOf(said, and(domain, meant));
        if (difference !== undefined) {
          const verb = difference.isIn === "left" ? "finds" : "does not find";
          throw new Unreadable(`\`${path}\` ${verb} \`${difference.text}\` by the pattern \`${pattern}\``);
        }
        found.add(pattern);
      }
    }
  }
  return found;
}

/** What the Rego's `is_found` says. */
function formLanguage(pattern: string, form: unknown, separator: "." | "/"): Language {
  if (form === true) return matching(oneStar(pattern, separator));
  if (form === "/**" && pattern.endsWith("/**")) {
    return matching(sequence(oneStar(pattern.slice(0, -3), separator), text("/"), anything));
  }
  if (form === "**.") return matching(sequence(anything, text(pattern.slice(2))));
  if (typeof form === "string" && form.startsWith("^")) {
    const pieces = pattern.split("*").map((piece) => piece.replace(/^\/+|\/+$/g, ""));
    const expression = matching(parseExpression(form));
    const unseen = pieces.find(
      (piece) => notIncluded(expression, matching(sequence(anything, text(piece), anything))) !== undefined,
    );
    if (unseen === undefined) return expression;
  }
  throw new Unreadable(`\`${String(form)}\` is no known form of the pattern \`${pattern}\``);
}

function oneStar(pattern: string, separator: "." | "/"): Expression {
  const [before, after, ...more] = pattern.split("*");
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Unreadable(`\`${pattern}\` has not one \`*\``);
  }
  return sequence(text(before), repeat(oneOf(allBut(setOf(separator))), separator === "." ? 1 : 0), text(after));
}

/** What a pattern of a host says, by the language reference. */
function hostExpression(pattern: string): Expression {
  const label = repeat(oneOf(hostCharacters), 1);
  const isOpen = pattern.startsWith("**.");
  const rest = isOpen ? pattern.slice(3) : pattern;
  const open = isOpen ? [repeat(sequence(label, text(".")), 1)] : [];
  return sequence(...open, ...starred(rest, label));
}

/** What a pattern of a repository says, by the language reference. */
function repositoryExpression(pattern: string): Expression {
  const characters = oneOf(allBut(setOf("/")));
  const component = repeat(characters, 1);
  const parts = pattern.split("/");
  return sequence(
    ...parts.flatMap((part, index) => {
      const isLast = index === parts.length - 1;
      if (part === "**" && isLast) return [component, repeat(sequence(text("/"), component), 0)];
      if (part === "**") return [repeat(sequence(component, text("/")), 0)];
      return [...starred(part, repeat(characters, 0)), ...(isLast ? [] : [text("/")])];
    }),
  );
}

function starred(value: string, star: Expression): Expression[] {
  return value.split("*").flatMap((piece, index) => [...(index > 0 ? [star] : []), text(piece)]);
}

function mapOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (isMap(value)) return value;
  throw new Unreadable(`\`${path}\` is no mapping`);
}

function own(map: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
