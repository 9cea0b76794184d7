/** The sources of what is emitted: by path below the templates' folder, `opa/policy.rego.hbs`. */
export interface Templates {
  /** The template of that path, rendered with `values`. Throws where there is no such template or it misses a value. */
  render(path: string, values: object): string;
}
