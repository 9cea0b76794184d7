import { quote } from "./quote.js";
import { isComponent, isTag } from "./reference.js";
import type { TextProblem } from "./text-problem.js";

/**
 * What is wrong with the repository of a pattern, if anything is.
 *
 * @param repository what stands between the registry and the tag.
 * @param whole the pattern that it is part of, for the messages.
 */
export function repositoryProblem(repository: string, whole: string): TextProblem | undefined {
  for (const component of repository.split("/")) {
    const problem = component === "**" ? undefined : componentProblem(component, whole);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function componentProblem(component: string, whole: string): TextProblem | undefined {
  if (component.includes("**")) {
    return {
      code: "misplaced-double-star",
      message: `${quote(component)} of ${quote(whole)} has a \`**\` next to other characters`,
      help: "write `**` as a component of its own, or `*` for a part of one component",
    };
  }
  if (component === "") {
    return {
      code: "invalid-pattern",
      message: `a component of the repository of ${quote(whole)} is empty`,
      help: whole.endsWith("/")
        ? `write ${quote(`${whole}**`)} for every repository below`
        : "write one `/` between two components",
    };
  }
  // A sign stands for any characters: if they can be chosen so that the component is valid, one letter for each will do.
  if (isComponent(component.replaceAll("*", "x"))) return undefined;
  return {
    code: component.includes("*") ? "pattern-matches-nothing" : "invalid-pattern",
    message: `no repository has a component ${quote(component)}, as ${quote(whole)} asks for`,
    help: "a component is lower-case letters and digits, separated by `.`, `_`, `__` or any number of `-`",
  };
}

/** Whether a glob matches any valid tag. */
export function isTagGlob(glob: string): boolean {
  // A sign in front may have to stand for the first character; the others need not stand for any.
  return isTag(glob.replaceAll("*", "")) || (glob.startsWith("*") && isTag(`x${glob.replaceAll("*", "")}`));
}

const digestLengths = { sha256: 64, sha384: 96, sha512: 128 };

/** Whether a glob matches any valid digest. */
export function isDigestGlob(glob: string): boolean {
  return Object.entries(digestLengths).some(([algorithm, length]) => {
    const prefix = `${algorithm}:`;
    return matchesSome(glob, prefix.length + length, (character, index) =>
      index < prefix.length ? prefix[index] === character : /[a-f0-9]/.test(character),
    );
  });
}

/** Whether a glob matches a text of this length whose character at each index may be those that `allows` says. */
function matchesSome(glob: string, length: number, allows: (character: string, index: number) => boolean): boolean {
  let ends = new Set([0]);
  for (const character of glob) {
    ends =
      character === "*"
        ? new Set(Array.from({ length: length + 1 }, (_, end) => end).filter((end) => end >= Math.min(...ends)))
        : new Set([...ends].filter((end) => end < length && allows(character, end)).map((end) => end + 1));
    if (ends.size === 0) return false;
  }
  return ends.has(length);
}
