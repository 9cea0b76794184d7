import type { PatternEntry, Policy } from "@registry-policy/language";
import { nameTable, patternsOf } from "../../cel/name-table.js";
import { toldReasons } from "../../cel/refusal-message.js";
import { listExpression } from "../../expressions/pattern-expression.js";
import { constraintParameters } from "../../gatekeeper/constraint.js";
import { deepestFolder } from "./template-code.js";

/**
 * The parameters of a constraint in CEL. Of a list, what has a wildcard before its end is one expression; all else is
 * looked up by name, as an expression that is a parameter is compiled anew for each image. None is called `expression`:
 * the template in Rego takes that for all patterns, and may still be in the cluster.
 *
 * @param withReasons whether a message gives the reason of a deny pattern.
 */
export function celParameters(policy: Policy, withReasons: boolean): object {
  return constraintParameters(policy, list, withReasons ? toldReasons(policy.images.deny) : []);
}

function list(entries: readonly PatternEntry[], name: "allow" | "deny"): object {
  const { groups, expressed } = nameTable(patternsOf(entries), name, deepestFolder);
  const names = groups.flatMap((group) => group.names).sort();
  return {
    ...(names.length > 0 && { names: Object.fromEntries(names.map((one) => [one, true])) }),
    ...(expressed.length > 0 && { others: listExpression(expressed) }),
  };
}
