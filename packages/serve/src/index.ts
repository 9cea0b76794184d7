export { ServeError } from "./policy-source.js";
export type { TlsPaths } from "./read-tls.js";
export { type ServeOptions, serve } from "./serve.js";
export { serveBundle } from "./serve-bundle.js";
