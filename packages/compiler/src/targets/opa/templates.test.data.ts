import { readFileSync } from "node:fs";
import type { Templates } from "../../templates.js";

/** The templates as they are shipped. */
export const templates: Templates = {
  source: (path) => readFileSync(new URL(`../../../../../templates/${path}`, import.meta.url), "utf8"),
  isOverridden: () => false,
  render() {
    throw new Error("this target renders no template");
  },
};
