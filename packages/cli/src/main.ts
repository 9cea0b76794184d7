#!/usr/bin/env node
import { optimiseLater } from "./optimise-later.js";
import { runCli } from "./run-cli.js";

optimiseLater();
process.exitCode = await runCli(process.argv.slice(2));
