import type { Language } from "@registry-policy/automata";
import { load, loadAll } from "js-yaml";

/** What an emitted file, read back, was shown to say of images. */
export type Proof = {
  /** The target that the file was emitted for, and the file below its folder. */
  readonly target: string;
  readonly file: string;
  /** What has to hold beside for the proof to be one, each a sentence. */
  readonly assumptions: readonly string[];
} & ProofOutcome;

export type ProofOutcome =
  /** The file allows an image if and only if the policy does, whatever the image. */
  | { readonly outcome: "equal" }
  /** The shortest image about which they differ. */
  | { readonly outcome: "different"; readonly image: string; readonly allowedBy: "policy" | "file" }
  /** The file does not have the form that is known: what it says was not worked out. */
  | { readonly outcome: "unreadable"; readonly problem: string }
  /** There is more to compare than is ever compared: nothing was shown. */
  | { readonly outcome: "too-large"; readonly problem: string };

/** A file that was emitted, by its path: `gatekeeper/trusted-registries.yaml`. */
export interface ProvableFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** How the files of a target are read back. */
export interface ProofReader {
  /** What is taken for granted about the target's engine, each a sentence. */
  readonly assumptions: readonly string[];
  /** Whether the images that are allowed depend on a file. The path is below the target's folder. */
  readonly reads: (path: string) => boolean;
  /**
   * The images that a file allows.
   *
   * @param file what was emitted.
   * @param shipped the files that the compiler emits for the same policy: what is the same for all policies is
   *   compared with them.
   * @param emitted all files of the target.
   * @throws Unreadable, or what the automata throw about an expression.
   */
  readonly allowedImages: (
    file: ProvableFile,
    shipped: readonly ProvableFile[],
    emitted: readonly ProvableFile[],
  ) => Language;
}

/** A file that does not have the form that is known. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** The text of a file. Throws Unreadable if it is none. */
export function textOf({ content }: ProvableFile): string {
  if (typeof content === "string") return content;
  return reading("UTF-8", () => new TextDecoder("utf-8", { fatal: true }).decode(content));
}

/*
 * By another library than the one that the compiler writes with: what that one took for the same both ways would not be
 * seen.
 */

/** The value of a text of YAML, of one document. Throws Unreadable if it is none. */
export function yamlOf(text: string): unknown {
  return reading("YAML", () => load(text));
}

/** The values of a text of YAML, one for each document. Throws Unreadable if it is none. */
export function yamlDocumentsOf(text: string): readonly unknown[] {
  return reading("YAML", () => loadAll(text));
}

/** The value of a text of JSON. Throws Unreadable if it is none. */
export function jsonOf(text: string): unknown {
  return reading("JSON", () => JSON.parse(text) as unknown);
}

/** Reads what a parser takes; what it throws is about the text: its first line, as some show the text on others. */
export function reading<T>(form: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const [problem = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new Unreadable(`it is no ${form}: ${problem}`);
  }
}

/** What a condition can ask about, by its name: from a set of its values to the images that have one of them. */
export type Subjects = Readonly<Record<string, (of: Language) => Language>>;
