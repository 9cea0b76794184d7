/** What yargs says, in the words of our other messages. The keys are those of its locales. */
export const usageMessages = {
  "Unknown argument: %s": { one: "unknown argument: %s", other: "unknown arguments: %s" },
  "Unknown command: %s": { one: "unknown command: %s", other: "unknown commands: %s" },
  "Did you mean %s?": "there is no such command: did you mean `%s`?",
  "Invalid values:": "invalid values:",
  "Argument: %s, Given: %s, Choices: %s": "`--%s` cannot be %s; choose among %s",
  "Not enough non-option arguments: got %s, need at least %s": {
    one: "too few arguments: got %s, need at least %s",
    other: "too few arguments: got %s, need at least %s",
  },
  "Too many non-option arguments: got %s, maximum of %s": {
    one: "too many arguments: got %s, at most %s",
    other: "too many arguments: got %s, at most %s",
  },
  "Not enough arguments following: %s": "there is no value after `--%s`",
  "Missing required argument: %s": { one: "missing argument: %s", other: "missing arguments: %s" },
} as const;
