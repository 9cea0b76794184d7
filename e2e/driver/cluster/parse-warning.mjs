/**
 * The texts of one `Warning` header (RFC 7234, 5.5): a code, an agent, a text in quotes, perhaps a date in quotes, and
 * so on after a comma. Node gives the bytes as latin1; Kubernetes wrote UTF-8.
 *
 * @param {string} header
 * @returns {string[]}
 */
export function parseWarning(header) {
  const text = Buffer.from(header, "latin1").toString("utf8");
  const warning = /\d{3} \S+ "((?:[^"\\]|\\.)*)"(?: "[^"]*")?/gs;
  return [...text.matchAll(warning)].map(([, quoted]) => quoted.replace(/\\(.)/gs, "$1"));
}
