import { createRequire as requireFrom } from "node:module";import { pathToFileURL as urlOfPath } from "node:url";const require = requireFrom(import.meta.url);const urlInPackage = (name, file) => new URL(file, urlOfPath(require.resolve(name))).href;
var UsageError=class extends Error{name="UsageError";help;constructor(message,help){super(message),this.help=help}};export{UsageError};
