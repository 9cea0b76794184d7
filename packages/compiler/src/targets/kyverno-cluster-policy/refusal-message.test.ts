import { parsePolicies } from "@registry-policy/language";
import test from "ava";
import { parse } from "yaml";
import { withoutSpaces } from "../../jmespath-text.js";
import { loadTemplates } from "../../templates.js";
import { emit } from "./emit.js";

const images = [
  "{allow: [registry.my.com]}",
  "{allow: ['registry.my.com/a/**', ghcr.io/b/c], deny: [registry.my.com/a/old/**]}",
  "{allow: ['*.my.com', docker.io/library/nginx]}",
  `{allow: [${Array.from({ length: 30 }, (_, index) => `ghcr.io/team-${index}/**`)}]}`,
  "{denyTags: [latest], require: {digest: true}}",
];

for (const written of images) {
  test(`a message names an image by the conditions that refuse it: images: ${written.slice(0, 60)}`, (t) => {
    const head = "apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: {name: p}";
    const { policies } = parsePolicies({ text: `${head}\nspec: {images: ${written}}\n`, file: "policy.yaml" });
    const [policy] = policies;
    if (policy === undefined) throw new Error("the policy is not read");
    const [file] = emit(policy, loadTemplates()).artifacts;
    const { message, foreach } = parse(String(file?.content)).spec.rules[0].validate;
    const [all, first] = /(regex_match\('\(\?m\).*?',to_string\()@\)\)&&\n/.exec(foreach[0].list) ?? [];
    if (all === undefined || first === undefined) throw new Error(foreach[0].list);
    const [, filter = ""] = /pulled\[\?@ != '' && \(\n([\s\S]*?)\n\s*\)\] \|\| /.exec(message) ?? [];
    const [isWithoutForm, ...conditions] = withoutSpaces(filter).split("||\n");
    t.is(isWithoutForm, `!${first}[@]))`);
    // Behind it, what makes an image invalid that passes: the verdict asks the same, of a list of names about `image`.
    t.true(conditions.length >= 2);
    const asked = foreach[0].list.replaceAll(/\bimage\b(?=[,)])/g, "@");
    for (const condition of conditions) t.true(asked.includes(condition), condition);
  });
}
