/** How many files are read or written at one time: enough to keep Node's four threads for files at work. */
export const filesAtOnce = 16;
