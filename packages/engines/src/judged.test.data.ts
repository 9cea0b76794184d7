import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyFile } from "./engine.js";
import type { LocalEngineId } from "./engines.js";
import { findHost } from "./find-host.js";

/**
 * One small policy by hand for every engine: images of Pods must come from `registry.corp/`, in namespaces labelled
 * `zone: prod`, for everyone but the user `break-glass`. The annotation `crash: "yes"` makes the engine itself fail.
 */
export const policyOf: Record<LocalEngineId, (enforcement: Enforcement) => PolicyFile[]> = {
  "kyverno-cluster-policy": (enforcement) => [{ name: "policy.yaml", content: clusterPolicy(enforcement) }],
  "kyverno-validating-policy": (enforcement) => [{ name: "policy.yaml", content: validatingPolicy(enforcement) }],
  gatekeeper: (enforcement) => [
    { name: "template.yaml", content: template(regoCode) },
    { name: "constraint.yaml", content: constraint(enforcement) },
  ],
  "gatekeeper-cel": (enforcement) => [
    { name: "template.yaml", content: template(celCode) },
    { name: "constraint.yaml", content: constraint(enforcement) },
  ],
  "validating-admission-policy": (enforcement) => [{ name: "policy.yaml", content: admissionPolicy(enforcement) }],
  opa: (enforcement) => [
    { name: "policy.wasm", content: compileRego(rego) },
    { name: "data.json", content: new TextEncoder().encode(JSON.stringify({ enforcement })) },
  ],
  "opa-rego": (enforcement) => [
    { name: "policy.rego", content: rego },
    { name: "data.json", content: JSON.stringify({ enforcement }) },
  ],
};

export type Enforcement = "deny" | "warn" | "audit";

const containers = "(request.object.spec.[containers, initContainers || `[]`, ephemeralContainers || `[]`])[]";
const foreign = `${containers} | [?!starts_with(image, 'registry.corp/')].image`;

function clusterPolicy(enforcement: Enforcement): string {
  return `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: corp-only
  annotations:
    pod-policies.kyverno.io/autogen-controllers: none
spec:
  background: false
  emitWarning: ${enforcement === "warn"}
  rules:
    - name: images
      match:
        any:
          - resources:
              kinds: [Pod]
              operations: [CREATE, UPDATE]
              namespaceSelector:
                matchLabels: {zone: prod}
      exclude:
        any:
          - subjects:
              - {kind: User, name: break-glass}
      validate:
        failureAction: ${enforcement === "deny" ? "Enforce" : "Audit"}
        allowExistingViolations: false
        message: "not from registry.corp: {{ to_string(${foreign}) }}"
        deny:
          conditions:
            any:
              - key: "{{ length(parse_json(request.object.metadata.annotations.crash || '[]')) }}"
                operator: GreaterThan
                value: 0
              - key: "{{ length(${foreign}) }}"
                operator: GreaterThan
                value: 0
`;
}

function template(code: string): string {
  return `
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata:
  name: corponly
spec:
  crd:
    spec:
      names:
        kind: CorpOnly
      validation:
        openAPIV3Schema:
          type: object
          properties:
            prefix: {type: string}
  targets:
    - target: admission.k8s.gatekeeper.sh
      operations: [CREATE, UPDATE]
      code:
${code}`;
}

const regoCode = `        - engine: Rego
          source:
            version: v1
            rego: |
              package corponly

              lists := {"containers", "initContainers", "ephemeralContainers"}

              crash := 1 if input.review.object.metadata.annotations.crash == "yes"

              crash := 2 if input.review.object.metadata.annotations.crash == "yes"

              violation contains {"msg": "crashed"} if crash > 0

              violation contains {"msg": msg, "details": {"image": image, "field": list, "reason": "unlisted"}} if {
                input.review.userInfo.username != "break-glass"
                some list in lists
                image := input.review.object.spec[list][_].image
                not startswith(image, input.parameters.prefix)
                msg := concat("", ["not from registry.corp: ", image])
              }
`;

/** The same in CEL; the object is named differently by each engine. */
function celExpressions(object: string, indent: string): string {
  return `variables:
  - name: containers
    expression: >-
      ${object}.spec.containers + ${object}.spec.?initContainers.orValue([]) + ${object}.spec.?ephemeralContainers.orValue([])
  - name: foreign
    expression: variables.containers.map(c, c.image).filter(i, !i.startsWith("registry.corp/"))
  - name: crash
    expression: ${object}.metadata.?annotations["crash"].orValue("no")
validations:
  - expression: variables.crash == "no" || int(variables.crash) > 0
    message: crashed
  - expression: size(variables.foreign) == 0
    messageExpression: >-
      "not from registry.corp: [" + variables.foreign.map(i, strings.quote(i)).join(", ") + "]"
`.replaceAll(/^/gm, indent);
}

const celCode = `        - engine: K8sNativeValidation
          source:
            matchCondition:
              - name: not-break-glass
                expression: request.userInfo.username != "break-glass"
${celExpressions("object", "            ")}`;

const celMatch = `matchConstraints:
    namespaceSelector:
      matchLabels: {zone: prod}
    resourceRules:
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [pods, pods/ephemeralcontainers]
  matchConditions:
    - name: not-break-glass
      expression: request.userInfo.username != "break-glass"`;

const celActions = { deny: "Deny", warn: "Warn", audit: "Audit" } as const;

function validatingPolicy(enforcement: Enforcement): string {
  return `
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata:
  name: corp-only
spec:
  validationActions: [${celActions[enforcement]}]
  ${celMatch}
${celExpressions("object", "  ")}`;
}

function admissionPolicy(enforcement: Enforcement): string {
  return `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: corp-only
spec:
  ${celMatch}
${celExpressions("object", "  ")}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: corp-only
spec:
  policyName: corp-only
  validationActions: [${celActions[enforcement]}]
`;
}

function constraint(enforcement: Enforcement): string {
  return `
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: CorpOnly
metadata:
  name: corp-only
spec:
  enforcementAction: ${enforcement === "audit" ? "dryrun" : enforcement}
  match:
    kinds:
      - apiGroups: [""]
        kinds: [Pod]
    namespaceSelector:
      matchLabels: {zone: prod}
  parameters:
    prefix: registry.corp/
`;
}

/** The same for OPA, as wasm and as it stands. */
export const rego = `package kubernetes.admission

lists := {"containers", "initContainers", "ephemeralContainers"}

crash := 1 if input.request.object.metadata.annotations.crash == "yes"

crash := 2 if input.request.object.metadata.annotations.crash == "yes"

default scope := false

scope if {
	input.request.operation in {"CREATE", "UPDATE"}
	input.request.kind == {"group": "", "version": "v1", "kind": "Pod"}
	object.get(input.request, "subResource", "") in {"", "ephemeralcontainers"}
	object.get(input.request.userInfo, "username", "") != "break-glass"
	object.get(object.get(input, "namespaceLabels", {"zone": "prod"}), "zone", "") == "prod"
}

found contains {"image": image, "field": list, "reason": "unlisted", "msg": concat("", ["not from registry.corp: ", image])} if {
	scope
	some list in lists
	image := input.request.object.spec[list][_].image
	not startswith(image, "registry.corp/")
}

found contains {"image": "", "field": "", "reason": "", "msg": "crashed"} if crash > 0

decision := {
	"scope": scope,
	"violations": [violation | some violation in found],
	"enforcement": data.enforcement,
}

deny contains violation if {
	data.enforcement == "deny"
	some violation in found
}
`;

/** Rego to policy.wasm with the host's own command. */
export function compileRego(source: string, entrypoint = "kubernetes/admission/decision"): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "rego-"));
  try {
    const [from, to] = [join(folder, "policy.rego"), join(folder, "policy.wasm")];
    writeFileSync(from, source);
    execFileSync(findHost(), ["build-wasm", "--entrypoint", entrypoint, "--out", to, from], { stdio: "pipe" });
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
