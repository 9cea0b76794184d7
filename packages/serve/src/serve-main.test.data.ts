import { serve } from "./serve.js";

/** By this signal it can start no process, and by the next it can. */
const program = process.execPath;
process.on("SIGUSR2", () => {
  process.execPath = process.execPath === program ? "/there/is/no/such/program" : program;
});

process.exitCode = (await serve(JSON.parse(String(process.argv[2])))) ? 0 : 1;
