import type { GeneratedRequests, PolicyToCheck } from "@registry-policy/equivalence";

/** Policies with requests that probe each. */
export async function withGenerated(
  policies: readonly PolicyToCheck[],
  isThorough: boolean,
): Promise<readonly PolicyToCheck[]> {
  const { generatedRequests, thoroughExtent, usualExtent } = await import("@registry-policy/equivalence");
  const extent = isThorough ? thoroughExtent : usualExtent;
  return policies.map((policy) => {
    let generated: GeneratedRequests | undefined;
    const generate = () => {
      generated ??= generatedRequests(policy.found.policy, policy.found.name.place.location, extent);
      return generated;
    };
    return { ...policy, generate };
  });
}
