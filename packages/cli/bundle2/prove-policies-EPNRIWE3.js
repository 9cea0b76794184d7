import { createRequire as requireFrom } from "node:module";import { pathToFileURL as urlOfPath } from "node:url";const require = requireFrom(import.meta.url);const urlInPackage = (name, file) => new URL(file, urlOfPath(require.resolve(name))).href;
import{isBroken,provePolicies}from"./chunk-ZOPMGYAF.js";import"./chunk-V6LJOUYM.js";export{isBroken,provePolicies};
