import type { Policy } from "@registry-policy/language";
import { stringify } from "smol-toml";
import { emission } from "../../emission.js";
import { type NodeRules, nodeRules } from "../../node/node-rules.js";
import { nothingSaid, notSaid } from "../../node/not-said.js";
import type { Emission } from "../../target.js";
import { capabilities } from "./capabilities.js";

/** `policy.json` and a file for `registries.conf.d`: a node has one of each, so each policy has a folder. */
export function emit(policy: Policy): Emission {
  const rules = nodeRules(policy, true);
  if (rules === undefined) return { artifacts: [], diagnostics: [nothingSaid(policy, "containers-policy")] };
  const artifacts = [
    { path: `${policy.name}/policy.json`, content: policyJson(rules) },
    { path: `${policy.name}/registries.conf.d/50-registry-policy.conf`, content: registriesConf(rules) },
  ];
  return emission(policy, artifacts, capabilities.maximumObjectBytes, notSaid(policy, "containers-policy"));
}

const accept = [{ type: "insecureAcceptAnything" }];
const reject = [{ type: "reject" }];

/** containers-policy.json(5). The other transports are not what a kubelet pulls from: they follow the default. */
function policyJson({ acceptsByDefault, accepted, rejected }: NodeRules): string {
  const scopes = [
    ...accepted.map((scope) => [scope, accept] as const),
    ...rejected.map((scope) => [scope, reject] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const content = {
    default: acceptsByDefault ? accept : reject,
    ...(scopes.length > 0 && { transports: { docker: Object.fromEntries(scopes) } }),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** containers-registries.conf(5), version 2, as a drop-in file has to be. */
function registriesConf({ searchRegistries, rejected }: NodeRules): string {
  const content = {
    "unqualified-search-registries": searchRegistries,
    // Where another file adds a second registry, a short name is refused and not looked for in both.
    "short-name-mode": "enforcing",
    ...(rejected.length > 0 && { registry: rejected.map(blocked) }),
  };
  return `${stringify(content).trimEnd()}\n`;
}

/** Only a prefix with a wildcard may stand without a location (containers/image, pkg/sysregistriesv2). */
function blocked(scope: string): object {
  return { prefix: scope, ...(!scope.startsWith("*.") && { location: scope }), blocked: true };
}
