import type { Diagnostic } from "./diagnostic.js";
import { diagnosticCodes } from "./diagnostic-codes.js";
import type { Place } from "./place.js";
import { quote } from "./quote.js";

/** The name of a policy, and where it is written. */
export interface PolicyName {
  readonly name: string;
  readonly place: Place;
}

/**
 * An error for every name that an earlier policy has already: their artifacts would replace each other.
 *
 * @param names of the policies that are used together, in the order in which they were read; `parsePolicies` gives
 *   those of a file, in which it has reported its own duplicates.
 */
export function duplicateNames(names: readonly PolicyName[]): Diagnostic[] {
  const first = new Map<string, PolicyName>();
  return names.flatMap((policy): Diagnostic[] => {
    const other = first.get(policy.name);
    if (other === undefined) {
      first.set(policy.name, policy);
      return [];
    }
    const { file, line, column } = other.place.location;
    return [
      {
        code: "duplicate-name",
        severity: diagnosticCodes["duplicate-name"].severity,
        message: `the name ${quote(policy.name)} is also that of the policy at \`${file}:${line}:${column}\``,
        ...policy.place,
        help: "give one of the two another name: a policy's name is that of its artifacts",
      },
    ];
  });
}
