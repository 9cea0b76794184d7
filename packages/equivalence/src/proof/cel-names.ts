import {
  allBut,
  anything,
  type Expression,
  oneOf,
  optional,
  repeat,
  sequence,
  setOf,
  text,
} from "@registry-policy/automata";

/*
 * What CEL looks for in a list of names, each a part of a reference in full: from a name to the references of which it is
 * that part. For a name of another form there are none.
 */
export type PartOfReference = (name: string) => readonly Expression[];

/** The first components, each with its slash: `reference.find('^(?:[^/]+/){2}')`. */
export function folderOf(components: number): PartOfReference {
  return (name) =>
    /^(?:[^/]+\/)+$/.test(name) && name.split("/").length - 1 === components ? [sequence(text(name), anything)] : [];
}

/** Registry and repository: `reference.find('^[^/]+/[^:@]+')`. */
export const repositoryForm = "^[^/]+/[^:@]+";

export const repositoryOf: PartOfReference = (name) =>
  isRepository(name) ? [sequence(text(name), optional(sequence(oneOf(setOf(":@")), anything)))] : [];

/** All but the digest: `reference.split('@')[0]`. */
export const beforeDigest: PartOfReference = (name) =>
  name.includes("@") ? [] : [sequence(text(name), optional(sequence(text("@"), anything)))];

const anyTag = optional(sequence(text(":"), repeat(oneOf(allBut(setOf("@"))), 0)));

/** All but the tag: `reference.find('^[^/]+/[^:@]+') + reference.find('@.*$')`. */
export const withoutTag: PartOfReference = (name) => {
  const at = name.indexOf("@");
  const repository = at < 0 ? name : name.slice(0, at);
  if (!isRepository(repository)) return [];
  return [sequence(text(repository), anyTag, text(at < 0 ? "" : name.slice(at)))];
};

/** All of it. */
export const whole: PartOfReference = (name) => [text(name)];

function isRepository(name: string): boolean {
  return /^[^/]+\/[^:@]+$/.test(name);
}
