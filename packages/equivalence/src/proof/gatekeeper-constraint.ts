import { type ProvableFile, textOf, Unreadable, yamlOf } from "./proof.js";
import { type Fields, fieldOf, fieldsOf } from "./read-fields.js";

const templateName = "constraint-template.yaml";

/** The template that the constraints share. Throws Unreadable if it is not the shipped one to the byte. */
export function shippedTemplate(shipped: readonly ProvableFile[], emitted: readonly ProvableFile[]): ProvableFile {
  const template = emitted.find(({ path }) => path === templateName);
  const original = shipped.find(({ path }) => path === templateName);
  if (template === undefined || original === undefined || textOf(template) !== textOf(original)) {
    throw new Unreadable(`\`${templateName}\` is not the shipped one`);
  }
  return template;
}

/** The parameters of a constraint, in either language. Throws Unreadable for a text that is none. */
export function parametersOf(text: string): Fields {
  const root = yamlOf(text);
  const constraint = fieldsOf(root, "the constraint", ["apiVersion", "kind", "metadata", "spec"]);
  const { value } = constraint;
  if (value.apiVersion !== "constraints.gatekeeper.sh/v1beta1" || value.kind !== "RegistryPolicy") {
    throw new Unreadable("the file holds no constraint of kind `RegistryPolicy`");
  }
  const spec = fieldsOf(value.spec, "spec", ["enforcementAction", "scopedEnforcementActions", "match", "parameters"]);
  const known = ["defaultRegistry", "allow", "deny", "denyTags", "require", "exempt"];
  return fieldsOf(fieldOf(spec, "parameters"), "parameters", known);
}
