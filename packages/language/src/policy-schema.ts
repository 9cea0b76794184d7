import type { FromSchema, JsonSchema } from "./json-schema.js";
import { kindNames } from "./kinds.js";
import { annotationKey, dnsLabel, labelValue, qualifiedName, qualifiedNameLength } from "./kubernetes-names.js";
import { maximumReferenceLength } from "./reference.js";

const labels = {
  type: "object",
  propertyNames: {
    type: "string",
    pattern: qualifiedName,
    maxLength: qualifiedNameLength,
    description:
      "a label's key is at most 63 letters, digits, `-`, `_` and `.`, with a DNS name and `/` in front if need be",
  },
  additionalProperties: {
    type: "string",
    pattern: labelValue,
    maxLength: 63,
    description:
      "a label's value is at most 63 letters, digits, `-`, `_` and `.`, the first and the last a letter or a digit",
  },
} as const satisfies JsonSchema;

const namespaceGlob = {
  type: "string",
  maxLength: 64,
  pattern: "^([-a-z0-9]+|\\*[-a-z0-9]*|[-a-z0-9]*\\*|\\*[-a-z0-9]+\\*)$",
  description:
    "a namespace is lower-case letters, digits and `-`; `*` can stand alone, at the start, at the end or both",
} as const satisfies JsonSchema;

const accountGlob = {
  type: "string",
  minLength: 1,
  maxLength: 1024,
  pattern: "^(\\*|\\*?[^*]+\\*?)$",
  description: "a name, in which `*` can stand alone, at the start, at the end or both, for zero or more characters",
} as const satisfies JsonSchema;

const patterns = {
  type: "array",
  minItems: 1,
  maxItems: 100_000,
  items: {
    type: ["string", "object"],
    minLength: 1,
    maxLength: 65_536,
    properties: {
      pattern: {
        type: "string",
        minLength: 1,
        maxLength: 65_536,
        description: "`registry[:port][/repository][:tag][@digest]`, always with its registry",
        examples: ["docker.io/library/{nginx,redis}", "ghcr.io/acme/**:v*"],
      },
      reason: {
        type: "string",
        minLength: 1,
        maxLength: 1024,
        description: "why the pattern is there, in at most 1024 characters; engines that can say more show it",
      },
    },
    required: ["pattern"],
    additionalProperties: false,
    description: "a pattern `registry[:port][/repository][:tag][@digest]`, or a mapping of `pattern` and `reason`",
  },
} as const satisfies JsonSchema;

const labelSelector = {
  type: "object",
  description: "a label selector on the namespace, as Kubernetes has it; all requirements hold together",
  properties: {
    matchLabels: { ...labels, description: "labels that the namespace must have" },
    matchExpressions: {
      type: "array",
      description: "what the namespace's labels must satisfy",
      minItems: 1,
      items: {
        type: "object",
        properties: {
          key: labels.propertyNames,
          operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
          values: {
            type: "array",
            description: "the values of `In` and `NotIn`",
            minItems: 1,
            items: labels.additionalProperties,
          },
        },
        required: ["key", "operator"],
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

/**
 * The JSON Schema (draft-07) of a policy document. It is at the same time where the type `RawPolicy` comes from, and
 * its descriptions are the help of the diagnostics: the three cannot drift apart.
 */
export const policySchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "https://registry-policy.dev/v1/registry-policy.schema.json",
  title: "RegistryPolicy",
  description: "Which container images may run in a Kubernetes cluster",
  type: "object",
  properties: {
    apiVersion: { type: "string", const: "registry-policy.dev/v1" },
    kind: { type: "string", const: "RegistryPolicy" },
    metadata: {
      type: "object",
      description: "the policy's name, and what its artifacts carry",
      properties: {
        name: {
          type: "string",
          pattern: dnsLabel,
          maxLength: 63,
          description: "a name is lower-case letters, digits and `-`, at most 63, the first and the last no `-`",
        },
        labels: { ...labels, description: "labels of every artifact of this policy" },
        annotations: {
          type: "object",
          description: "annotations of every artifact of this policy",
          propertyNames: {
            type: "string",
            pattern: annotationKey,
            maxLength: qualifiedNameLength,
            description:
              "an annotation's key is at most 63 letters, digits, `-`, `_` and `.`, with a DNS name and `/` in front if need be",
          },
          additionalProperties: {
            type: "string",
            maxLength: 262_144,
            description: "annotations have 256 KiB together",
          },
        },
      },
      required: ["name"],
      additionalProperties: false,
    },
    spec: {
      type: "object",
      description: "what the policy says",
      properties: {
        title: { type: "string", minLength: 1, maxLength: 200, description: "a title in at most 200 characters" },
        description: {
          type: "string",
          minLength: 1,
          maxLength: 4096,
          description: "a description in at most 4096 characters",
        },
        category: { type: "string", minLength: 1, maxLength: 200, description: "a category in at most 200 characters" },
        severity: {
          type: "string",
          enum: ["low", "medium", "high", "critical"],
          description: "how bad a violation is",
        },
        enforcement: {
          type: "string",
          enum: ["deny", "warn", "audit"],
          default: "deny",
          description: "whether a violation is refused, admitted with a warning, or admitted and recorded",
        },
        match: {
          type: "object",
          description: "which requests are judged; absent: all of the default kinds in every namespace",
          properties: {
            kinds: {
              type: "array",
              description: "the built-in kinds that are judged",
              minItems: 1,
              items: { type: "string", enum: kindNames },
              default: kindNames.filter((kind) => kind !== "PodTemplate"),
            },
            namespaces: {
              type: "array",
              description: "the namespaces in which requests are judged; absent: every namespace",
              minItems: 1,
              items: namespaceGlob,
            },
            excludeNamespaces: {
              type: "array",
              description: "the namespaces in which requests are not judged, named in `namespaces` or not",
              minItems: 1,
              items: namespaceGlob,
            },
            namespaceSelector: labelSelector,
          },
          additionalProperties: false,
        },
        images: {
          type: "object",
          description: "which images may run",
          properties: {
            defaultRegistry: {
              type: "string",
              minLength: 1,
              maxLength: maximumReferenceLength,
              default: "docker.io",
              description: "where a short name such as `nginx` is pulled from: `host[:port]`",
            },
            allow: { ...patterns, description: "what may run; absent: every valid image that is not denied" },
            deny: { ...patterns, description: "what may not run, allowed or not" },
            require: {
              type: "object",
              description: "what an image must say, allowed or not",
              properties: {
                registry: {
                  type: "string",
                  const: "explicit",
                  description: "refuse `nginx`, even where its registry is allowed",
                },
                tag: { type: "string", const: "explicit", description: "refuse an image with neither tag nor digest" },
                digest: {
                  type: "boolean",
                  default: false,
                  description: "refuse an image that is not pinned by digest",
                },
              },
              additionalProperties: false,
            },
            denyTags: {
              type: "array",
              description: "tags that may not run; an image with neither tag nor digest has the tag `latest`",
              minItems: 1,
              items: {
                type: "string",
                minLength: 1,
                maxLength: 256,
                pattern: "^[A-Za-z0-9_.*-]+$",
                description: "a tag is letters, digits, `_`, `.` and `-`; `*` stands for zero or more characters",
              },
            },
          },
          additionalProperties: false,
        },
        exempt: {
          type: "object",
          description: "whose requests, and which objects, are not judged",
          properties: {
            users: {
              type: "array",
              description: "users whose requests are not judged, such as `system:serviceaccount:flux-system:*`",
              minItems: 1,
              items: accountGlob,
            },
            groups: {
              type: "array",
              description: "groups whose members' requests are not judged",
              minItems: 1,
              items: accountGlob,
            },
            breakGlass: {
              type: "object",
              description: "an annotation on the pod or pod template that lifts the policy from that object",
              properties: {
                annotation: {
                  type: "string",
                  pattern: annotationKey,
                  maxLength: qualifiedNameLength,
                  description: "an annotation's key, such as `mycluster.image-policy.k8s.io/ticket`",
                },
                value: accountGlob,
              },
              required: ["annotation"],
              additionalProperties: false,
            },
          },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
  },
  required: ["apiVersion", "kind", "metadata", "spec"],
  additionalProperties: false,
} as const satisfies JsonSchema;

/** A policy document that the schema accepts, as it is written. */
export type RawPolicy = FromSchema<typeof policySchema>;
