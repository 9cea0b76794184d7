import { createRequire as requireFrom } from "node:module";import { pathToFileURL as urlOfPath } from "node:url";const require = requireFrom(import.meta.url);const urlInPackage = (name, file) => new URL(file, urlOfPath(require.resolve(name))).href;
var exitCodes={ok:0,usage:1,invalidPolicy:2,failed:3,disagreement:4};export{exitCodes};
