import { type Diagnostic, kindNames, kinds, type Policy } from "@registry-policy/language";
import { matchConditions } from "../../cel/match-conditions.js";
import { policyCel } from "../../cel/policy-cel.js";
import { metadataOf } from "../../metadata.js";
import { limitDiagnostics } from "../../object-size.js";
import type { Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities } from "./capabilities.js";

/**
 * A template and its one constraint. Each policy has a template of its own: cel-go compiles an expression and makes a
 * set of a list only where they are constants of the code, not where they are parameters.
 */
export function emit(policy: Policy, templates: Templates): Emission {
  const tooLong = nameDiagnostics(policy);
  if (tooLong.length > 0) return { artifacts: [], diagnostics: tooLong };
  const { variables, validation } = policyCel(policy);
  const { exempt, enforcement } = policy;
  const kind = kindOf(policy);
  const metadata = metadataOf(policy, annotationKeys);
  const artifacts = [
    {
      path: templateFileOf(policy),
      content: templates.render("gatekeeper-cel/constraint-template.yaml.hbs", {
        metadata: { ...metadata, name: kind.toLowerCase() },
        kind,
        matchConditions: [...webhookConditions, ...matchConditions(withoutNamespaces(policy))],
        variables,
        validation,
      }),
    },
    {
      path: constraintFileOf(policy),
      content: templates.render("gatekeeper-cel/constraint.yaml.hbs", {
        kind,
        metadata,
        enforcement: enforcementOf(
          { deny: "deny", warn: "warn", audit: "dryrun" }[enforcement],
          exempt.users.length > 0 || exempt.groups.length > 0,
        ),
        match: constraintMatch(policy),
      }),
    },
  ];
  const diagnostics = artifacts.flatMap((artifact) =>
    limitDiagnostics(policy, artifact, capabilities.maximumObjectBytes),
  );
  return { artifacts: diagnostics.length > 0 ? [] : artifacts, diagnostics };
}

export function templateFileOf({ name }: Policy): string {
  return `${name}.constraint-template.yaml`;
}

export function constraintFileOf({ name }: Policy): string {
  return `${name}.constraint.yaml`;
}

const annotationKeys = {
  title: "metadata.gatekeeper.sh/title",
  description: "description",
  category: "registry-policy.dev/category",
  severity: "registry-policy.dev/severity",
};

/** The name of a template is its kind in lower case, and two policies must not come to one. */
function kindOf({ name }: Policy): string {
  return `RegistryPolicy-${name}`;
}

/** The length of a name that Gatekeeper's webhook takes (validateGatekeeperResources of pkg/webhook). */
const longestName = 63;

function nameDiagnostics(policy: Policy): Diagnostic[] {
  const name = kindOf(policy).toLowerCase();
  if (name.length <= longestName) return [];
  return [
    {
      code: "name-too-long",
      severity: "error",
      message: `the template would be named \`${name}\`, and Gatekeeper takes no name of more than ${longestName} characters`,
      location: policy.location,
      length: 1,
      sourceLine: "",
      help: `give the policy a name of at most ${longestName - (name.length - policy.name.length)} characters`,
    },
  ];
}

/**
 * What the constraint's match cannot say, and the webhook's rules say only in part: they send more sub-resources than a
 * policy judges. An audit has neither operation nor sub-resource: it sees each object as if just created.
 */
const webhookConditions = [
  {
    name: "operations",
    expression: "!has(request.operation) || request.operation in ['', 'CREATE', 'UPDATE']",
  },
  {
    name: "sub-resources",
    expression:
      "!has(request.subResource) || request.subResource == '' || request.kind.kind == 'Pod' && request.subResource == 'ephemeralcontainers'",
  },
];

/** The constraint's own match takes the same globs. */
function withoutNamespaces(policy: Policy): Policy {
  return { ...policy, match: { ...policy.match, namespaces: [], excludeNamespaces: [] } };
}

/** An audit knows no user, so with an exemption for one it would report what was admitted rightly: then it is off. */
function enforcementOf(action: string, isForWebhookAlone: boolean): object {
  if (!isForWebhookAlone) return { enforcementAction: action };
  return {
    enforcementAction: "scoped",
    scopedEnforcementActions: [{ action, enforcementPoints: [{ name: "validation.gatekeeper.sh" }] }],
  };
}

function constraintMatch({ match }: Policy): object {
  const groups = [...new Set(kindNames.map((kind) => kinds[kind].group))];
  return {
    kinds: groups
      .map((group) => ({ apiGroups: [group], kinds: match.kinds.filter((kind) => kinds[kind].group === group) }))
      .filter((rule) => rule.kinds.length > 0),
    ...(match.namespaces.length > 0 && { namespaces: match.namespaces }),
    ...(match.excludeNamespaces.length > 0 && { excludedNamespaces: match.excludeNamespaces }),
    ...(match.namespaceSelector !== undefined && { namespaceSelector: match.namespaceSelector }),
  };
}
