/** What the user named cannot be used at all: a file that is not there, a directory without policies. */
export class InputError extends Error {
  override readonly name = "InputError";
  /** What to do about it. */
  readonly help: string;

  /** @param message one lower-case sentence without a full stop, the user's words in backticks. */
  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}
