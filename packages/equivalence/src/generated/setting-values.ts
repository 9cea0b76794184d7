import { kindNames, type Policy, scopeOf } from "@registry-policy/language";
import {
  type AskedScene,
  arrangements,
  type Dimension,
  dimensions,
  operations,
  places,
  reviewOf,
  unjudgedOperations,
} from "../compare/scene.js";
import type { PairRule } from "./covering-rows.js";
import { scopeValues } from "./scope-values.js";

/** A request but for the image in question. */
export type Setting = Omit<AskedScene, "image">;

/** The values of one part, by whether a request that is judged is still judged with them. */
export interface PartValues {
  readonly inside: readonly unknown[];
  readonly outside: readonly unknown[];
}

/** For each part of a setting, in the order of `dimensions`, the values that a policy may tell apart. */
export function settingValues(policy: Policy): PartValues[] {
  const { namespaces, users, annotations } = scopeValues(policy);
  const isJudged = (setting: Setting) => "kind" in scopeOf(policy, reviewOf({ ...setting, image: nothing }, "", ""));
  const plain = { place: "containers", operation: "CREATE", arrangement: "alone", companion: "nothing" } as const;
  const [kind = "Pod"] = policy.match.kinds;
  const bases = namespaces.flatMap((namespace) =>
    users.flatMap((user) => annotations.map((annotation) => ({ ...plain, kind, namespace, user, annotation }))),
  );
  const base = bases.find(isJudged);
  const values: Readonly<Record<Dimension, readonly unknown[]>> = {
    kind: kindNames,
    place: places,
    operation: [...operations, ...unjudgedOperations],
    arrangement: arrangements,
    // What harmless things stand beside an image costs every engine time, and tells little that its place in a list does not.
    companion: ["nothing"],
    namespace: namespaces,
    user: users,
    annotation: annotations,
  };
  return dimensions.map((part) => {
    const isInside = (value: unknown) => base !== undefined && isJudged({ ...base, [part]: value });
    return {
      inside: values[part].filter(isInside),
      outside: values[part].filter((value) => !isInside(value)),
    };
  });
}

const nothing = { value: undefined };

/** A Pod alone is connected to, and a PodTemplate has no status. */
export function possiblePairs(values: readonly PartValues[]): PairRule {
  const [kindAt, operationAt] = [dimensions.indexOf("kind"), dimensions.indexOf("operation")];
  const written = (part: number, value: number) => {
    const { inside = [], outside = [] } = values[part] ?? {};
    return value < inside.length ? inside[value] : outside[value - inside.length];
  };
  return (part, value, otherPart, otherValue) => {
    if (part === operationAt && otherPart === kindAt) return isPossible(otherValue, value);
    return part !== kindAt || otherPart !== operationAt || isPossible(value, otherValue);
  };

  function isPossible(kind: number, operation: number): boolean {
    const [of, asked] = [written(kindAt, kind), written(operationAt, operation)];
    return (asked !== "CONNECT" || of === "Pod") && (asked !== "UPDATE of the status" || of !== "PodTemplate");
  }
}
