import { type Diagnostic, defaultKinds, type Policy } from "@registry-policy/language";
import type { CompilerCode } from "../diagnostic-codes.js";

/**
 * What a policy says that no node can: it sees the images that are pulled, not who asked for them nor for which object.
 * Each is a warning with the code `not-said`.
 */
export function notSaid(policy: Policy, target: string): Diagnostic[] {
  const { match, exempt, enforcement } = policy;
  const left: [boolean, string][] = [
    [enforcement !== "deny", `\`enforcement: ${enforcement}\`: a node refuses, and neither warns nor records`],
    [
      match.namespaces.length + match.excludeNamespaces.length > 0 || match.namespaceSelector !== undefined,
      "namespaces: a node refuses an image in every namespace",
    ],
    [
      !defaultKinds.every((kind) => match.kinds.includes(kind)),
      "`match.kinds`: a node refuses an image whatever object it is for",
    ],
    [
      exempt.users.length + exempt.groups.length > 0,
      "exempt users and groups: a node refuses an image whoever asks for it",
    ],
    [exempt.breakGlass !== undefined, "`exempt.breakGlass`: a node sees no annotation"],
  ];
  return left
    .filter(([isLeft]) => isLeft)
    .map(([, what]) =>
      aboutPolicy(policy, "warning", "not-said", {
        message: `\`${target}\` cannot say ${what}`,
        help: "use it where that is what you want, or leave it to a target that judges admission requests",
      }),
    );
}

/** An error for a policy of which nothing that it allows can be said. */
export function nothingSaid(policy: Policy, target: string): Diagnostic {
  return aboutPolicy(policy, "error", "nothing-said", {
    message: `\`${target}\` can say nothing of what the policy allows: a node would run no image`,
    help: "allow a registry, a repository or all below a name, as in `ghcr.io/acme/**`, and deny less than all of it",
  });
}

function aboutPolicy(
  { place }: Policy,
  severity: Diagnostic["severity"],
  code: CompilerCode,
  { message, help }: { message: string; help: string },
): Diagnostic {
  return { code, severity, message, ...place, help };
}
