import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";
import { resourceText } from "./resource-text.js";

/** The sources of what is emitted: by path below the templates' folder, `gatekeeper/template.yaml.hbs`. */
export interface Templates {
  /** The template of that path, rendered with `values`. Throws where there is none, or it asks for a missing value. */
  render(path: string, values: object): string;
  /** The file of that path, as it is. Throws where there is none. */
  source(path: string): string;
  /** Whether the user's own folder has a file of that path. */
  isOverridden(path: string): boolean;
}

/** The folder of the shipped templates: the build copies it beside the code. */
export const shippedTemplates = fileURLToPath(new URL("./templates/", import.meta.url));

/**
 * Reads templates on demand.
 *
 * @param directory a folder of the user's, laid out as the shipped one; a file there takes the place of the shipped
 *   one of the same path. Throws where the folder does not exist, or has a file that no target asks for.
 */
export function loadTemplates(directory?: string): Templates {
  if (directory !== undefined) refuseUnknownFiles(directory);
  const sources = new Map<string, string>();
  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  const handlebars = Handlebars.create();
  handlebars.registerHelper("yaml", yamlHelper);
  handlebars.registerHelper("indented", indentedHelper);

  const isOverridden = (path: string) => directory !== undefined && existsSync(join(directory, path));
  const source = (path: string) => {
    const known = sources.get(path);
    if (known !== undefined) return known;
    const text = readFileSync(join(isOverridden(path) && directory ? directory : shippedTemplates, path), "utf8");
    sources.set(path, text);
    return text;
  };
  return {
    source,
    isOverridden,
    render(path, values) {
      let template = compiled.get(path);
      if (template === undefined) {
        template = handlebars.compile(source(path), { noEscape: true, strict: true });
        compiled.set(path, template);
      }
      return template(values);
    },
  };
}

/** `{{yaml value indent=4}}`: the value as YAML, each line after the first indented by that many blanks. */
function yamlHelper(value: unknown, options: Handlebars.HelperOptions): string {
  const indent: unknown = options.hash.indent;
  const blanks = " ".repeat(typeof indent === "number" ? indent : 0);
  return resourceText(value)
    .trimEnd()
    .replaceAll(/\n(?!\n)/g, `\n${blanks}`);
}

/** `{{indented text 4}}`: a text of several lines, each after the first indented by that many blanks. */
function indentedHelper(text: string, blanks: number): string {
  return text.replaceAll(/\n(?!\n)/g, `\n${" ".repeat(blanks)}`);
}

/** A misspelt template would be left out without a word. */
function refuseUnknownFiles(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).slice(join(directory, "/").length);
    if (!existsSync(join(shippedTemplates, path))) {
      throw new Error(`no target has a template \`${path}\`, which is in \`${directory}\``);
    }
  }
}
