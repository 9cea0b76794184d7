/** A policy as it is served: the wasm and the data of one bundle. */
export interface PolicySource {
  /** As in the data. */
  readonly name: string;
  /** The path that the user named. */
  readonly origin: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What is served, or what should be served, cannot be used. Nothing is changed by it. */
export class ServeError extends Error {
  override readonly name = "ServeError";
  /** What to do about it. */
  readonly help: string;

  /** @param message one lower-case sentence without a full stop, the user's words in backticks. */
  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}
