import { maximumReferenceLength } from "@registry-policy/language";

/**
 * Texts on both sides of what an image reference is, around one that is well-formed.
 *
 * @param name of an image, without tag and digest.
 * @param form the tag and digest that it usually has.
 */
export function malformedImages(name: string, form: string): string[] {
  const long = (length: number) => `${name}/${"x".repeat(Math.max(1, length - name.length - form.length - 1))}${form}`;
  return [
    `${name}/App${form}`,
    `${name}//app${form}`,
    `${name}/../app${form}`,
    `${name}/a___b${form}`,
    `${name}/a..b${form}`,
    `${name}${form} `,
    `${name}${form}\nevil.example/app`,
    `${name}:`,
    `${name}:${"x".repeat(128)}`,
    `${name}:${"x".repeat(129)}`,
    `${name}@sha256:${"a".repeat(63)}`,
    "a".repeat(64),
    long(maximumReferenceLength),
    long(maximumReferenceLength + 1),
  ];
}
