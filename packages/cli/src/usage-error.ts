/** The command line says something that cannot be done. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to do about it. */
  readonly help: string;

  /** @param message one lower-case sentence without a full stop, the user's words in backticks. */
  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}
