/**
 * Forms of names that the API server asks for, as regular expressions for a JSON Schema.
 * From `k8s.io/apimachinery/pkg/util/validation`.
 */

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const name = "([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]";

/** A DNS-1123 label; its length (63) is checked apart. */
export const dnsLabel = `^${label}$`;

/** A label's key: a name of at most 63 characters, with a DNS subdomain and `/` in front if need be. */
export const qualifiedName = `^(${label}(\\.${label})*/)?${name}$`;

/** An annotation's key: as a label's, in which the case of the prefix does not count. */
export const annotationKey = `^(${label.replaceAll("a-z", "A-Za-z")}(\\.${label.replaceAll("a-z", "A-Za-z")})*/)?${name}$`;

/** 253 for the subdomain, 1 for the `/`, 63 for the name. */
export const qualifiedNameLength = 317;

export const labelValue = `^(${name})?$`;

/** The bytes that all keys and values of an object's annotations may have together. */
export const maximumAnnotationBytes = 262_144;
