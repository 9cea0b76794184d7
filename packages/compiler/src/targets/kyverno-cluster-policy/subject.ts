import { matchesRegistry, type Pattern, type Policy, parseRegistry } from "@registry-policy/language";
import { onDockerHub, withRegistry } from "../../expressions/reference-grammar.js";
import { jmespathExpression, jmespathText } from "../../jmespath-text.js";

/**
 * How a policy's patterns see an image, as JMESPath on a valid image `@`: `reference`, the image with its registry
 * written out, and `name`, that `reference` in lower case without port 443, tag and digest. Kyverno reads the text of
 * a rule again on each review, so only those steps are emitted that can change the verdict of some image.
 */
export interface Subject {
  readonly reference: string;
  readonly name: string;
}

export function subjectOf(policy: Policy): Subject {
  const patterns = [...(policy.images.allow ?? []), ...policy.images.deny].flatMap((entry) => entry.patterns);
  const { defaultRegistry } = policy.images;
  let reference = "@";
  if (patterns.some((pattern) => mayMatchRegistry(pattern, defaultRegistry) || mayReadLikeShortName(pattern))) {
    const withDefault = `join('/', [${jmespathText(defaultRegistry)}, @])`;
    reference = `(regex_match(${jmespathExpression(withRegistry)}, @) && @ || ${withDefault})`;
  }
  // `index.docker.io` is Docker Hub too: a pattern that matches that name alone must not see it.
  if (patterns.some((pattern) => ["docker.io", "index.docker.io:1"].some((hub) => mayMatchRegistry(pattern, hub)))) {
    reference = `regex_replace_all(${jmespathExpression(onDockerHub)}, ${reference}, 'docker.io/')`;
    reference = `regex_replace_all('^docker[.]io/([^/]+)$', ${reference}, 'docker.io/library/$1')`;
  }
  return { reference, name: "to_lower(regex_replace_all(':0*443(/)|[:@][^/]*$', reference, '$1'))" };
}

/** Whether an image without a registry can be admitted: where it cannot, no rule for such images alone is needed. */
export function admitsShortNames({ images }: Policy): boolean {
  const allowed = images.allow?.flatMap((entry) => entry.patterns);
  return allowed === undefined || allowed.some((pattern) => mayMatchRegistry(pattern, images.defaultRegistry));
}

/** With its port 443 left out, the expression of a host without a dot would match the short name `corp/x` too. */
function mayReadLikeShortName({ registry }: Pattern): boolean {
  return registry.kind === "host" && registry.labels.length === 1 && registry.labels[0] !== "localhost";
}

function mayMatchRegistry(pattern: Pattern, registry: string): boolean {
  const { registry: host } = pattern;
  const parsed = parseRegistry(registry);
  const anyPort = host.kind === "any" ? host : { ...host, port: "any" };
  return !("invalid" in parsed) && matchesRegistry(anyPort, parsed);
}
