import { compilePolicies, loadTemplates, type TargetId, targets } from "@registry-policy/compiler";
import { type EngineHost, openEngine, startHost } from "@registry-policy/engines";
import test from "ava";
import { parse } from "yaml";
import { checkPolicies } from "../matrix/check-policies.js";
import { readPolicyCases } from "./every-target.test.data.js";

/*
 * Text of a policy is only ever text: whatever it looks like to a layer below (YAML 1.1, Handlebars, Kyverno's
 * variables and references, JMESPath, Rego, CEL, JSON), the verdicts stay what they are and the text arrives whole.
 */

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

const templates = loadTemplates();

const texts = {
  quotes: `a "b" 'c' \`d\``,
  "handlebars and variables": "{{ request.object.metadata.name }} {{{x}}} {{#if a}} \\{{ y }}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what other layers would read as one.
  references: "$(./../../name) \\$(x) $x ${y}",
  lines: "one\ntwo: three\n- four\n\n  five",
  pipes: "a | b & !c >= 1 < 2 * ?",
  "a word of yaml 1.1": "no",
  "a number": "1e3",
  "a time": "12:30",
  "a comment": "x # y",
  "a tag": "!!binary x",
  "an anchor": "*x &y",
  "a document": "---\nkind: Pod\n...",
  rego: '`} deny := false # "',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what other layers would read as one.
  cel: "'+string(object)+' \\' ${x}",
  "the name of a context entry": "images pulled valid refused message",
  unicode: "ünïcödé 日本 \u2028 🎉",
  backslashes: "\\n \\u0041 \\\\ \\",
} as const;

const cases = `
- {name: in, image: registry.my.com/x, expect: allow}
- {name: out, image: nginx, expect: deny}
- {name: denied, image: registry.my.com/denied/x, expect: deny}
- {name: exempt, image: nginx, user: {name: root}, expect: out-of-scope}
`;

for (const [name, text] of Object.entries(texts)) {
  const words = JSON.stringify(text);
  const policy = readPolicyCases(
    `
title: ${words}
description: ${words}
category: ${words}
images:
  allow: [{pattern: registry.my.com, reason: ${words}}]
  deny: [{pattern: "registry.my.com/denied/**", reason: ${words}}]
exempt:
  users: [root]
  breakGlass: {annotation: example.com/ticket, value: ${JSON.stringify(text.replaceAll("*", "+"))}}
`,
    cases,
  );
  for (const target of targets) {
    const id = target.id as TargetId;
    test(`${name} in a policy's texts: ${id}`, async (t) => {
      const { artifacts, diagnostics } = compilePolicies([policy.found.policy], { targets: [target], templates });
      t.deepEqual(diagnostics, []);
      const result = await checkPolicies([{ ...policy, emitted: artifacts }], [openEngine(id, host)]);
      t.deepEqual(result.summary, { cases: policy.cases.length, disagreements: 0, failures: 0 });
      t.true(annotationsOf(artifacts).includes(text), "the title arrives as it was written");
    });
  }
}

/** Every annotation's value in the YAML of the artifacts, and every text in their JSON. */
function annotationsOf(artifacts: readonly { path: string; content: string | Uint8Array }[]): unknown[] {
  return artifacts.flatMap(({ path, content }) => {
    if (typeof content !== "string") return [];
    if (path.endsWith(".json")) return textsOf(JSON.parse(content));
    if (!path.endsWith(".yaml")) return [];
    // As Go reads it, by YAML 1.1.
    const resource = parse(content, { version: "1.1" });
    return textsOf(resource.metadata?.annotations ?? {});
  });
}

function textsOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [value];
}
