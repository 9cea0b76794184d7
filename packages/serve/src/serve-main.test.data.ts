import { serve } from "./serve.js";

process.exitCode = (await serve(JSON.parse(String(process.argv[2])))) ? 0 : 1;
