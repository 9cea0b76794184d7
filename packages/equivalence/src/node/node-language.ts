import {
  allBut,
  and,
  anything,
  choice,
  type Expression,
  type Language,
  matching,
  not,
  nothing,
  oneOf,
  optional,
  or,
  preimage,
  prepending,
  rangeOf,
  repeat,
  replacingStart,
  sequence,
  setOf,
  text,
  validReferences,
  withRegistry,
} from "@registry-policy/automata";
import { lookedUp, type NodePolicy } from "./node-policy.js";

/** The images that a node pulls, as they are written: all that `admitsImage` says, of every text at once. */
export function nodeLanguage(node: NodePolicy): Language {
  const pulled = and(acceptedNames(node), not(covered(node.blocked)));
  const [only, ...others] = node.searchRegistries;
  return and(
    validReferences,
    or(
      preimage(inLibrary(behind(pulled, "docker.io")), replacingStart(hub, "")),
      and(withRegistry, not(matching(sequence(hub, anything))), pulled),
      only === undefined || others.length > 0
        ? nothing
        : and(not(withRegistry), only === "docker.io" ? inLibrary(behind(pulled, only)) : behind(pulled, only)),
    ),
  );
}

const hub = choice(text("docker.io/"), text("index.docker.io/"));

function behind(names: Language, registry: string): Language {
  return preimage(names, prepending(`${registry}/`));
}

/** On Docker Hub, a repository of one component stands for one in `library/`. */
function inLibrary(repositories: Language): Language {
  return or(and(official, preimage(repositories, prepending("library/"))), and(not(official), repositories));
}

const plain = repeat(oneOf(allBut(setOf("/:@"))), 1);
const official = matching(sequence(plain, optional(sequence(oneOf(setOf(":@")), anything))));

/**
 * The names in full that are accepted. Scopes in each other take turns: those that differ from what holds around them
 * are laid over it, and so on inwards, so that there are as many layers as turns and not as there are scopes.
 */
function acceptedNames({ scopes, acceptsByDefault }: NodePolicy): Language {
  const layers: string[][] = [];
  const turns = new Map<string, number>();
  const turnOf = (scope: string): number => {
    const known = turns.get(scope);
    if (known !== undefined) return known;
    const outer = lookedUp(scope).find((other) => other !== scope && scopes.has(other));
    const before = outer === undefined ? 0 : turnOf(outer);
    const around = outer === undefined ? acceptsByDefault : scopes.get(outer);
    const turn = scopes.get(scope) === around ? before : before + 1;
    turns.set(scope, turn);
    return turn;
  };
  for (const scope of scopes.keys()) {
    const turn = turnOf(scope);
    layers[turn] = [...(layers[turn] ?? []), scope];
  }
  let accepted = acceptsByDefault ? matching(anything) : nothing;
  layers.forEach((layer, turn) => {
    if (turn === 0) return;
    const isAccepting = acceptsByDefault === (turn % 2 === 0);
    accepted = isAccepting ? or(covered(layer), accepted) : and(not(covered(layer)), accepted);
  });
  return accepted;
}

/** The names in full that one of several scopes covers. */
function covered(scopes: readonly string[]): Language {
  return scopes.length === 0 ? nothing : matching(choice(...scopes.map(scopeExpression)));
}

function scopeExpression(scope: string): Expression {
  const slash = scope.indexOf("/");
  if (scope.startsWith("*.")) {
    const before = repeat(oneOf(allBut(setOf("/:"))), 1);
    const port = optional(sequence(text(":"), repeat(oneOf(rangeOf("0", "9")), 0)));
    return sequence(before, text(scope.slice(1)), port, text("/"), anything);
  }
  if (slash < 0) return sequence(text(scope), text("/"), anything);
  const at = scope.indexOf("@");
  const tagged = optional(sequence(text(":"), repeat(oneOf(allBut(setOf("/@"))), 0)));
  if (at >= 0) return sequence(text(scope.slice(0, at)), tagged, text(scope.slice(at)));
  const colon = scope.indexOf(":", slash);
  if (colon < 0) return sequence(text(scope), optional(sequence(oneOf(setOf("/:@")), anything)));
  const tag = text(scope.slice(colon));
  return sequence(text(scope.slice(0, colon)), scope.slice(colon) === ":latest" ? optional(tag) : tag);
}
