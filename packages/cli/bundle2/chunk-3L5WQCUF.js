import { createRequire as requireFrom } from "node:module";import { pathToFileURL as urlOfPath } from "node:url";const require = requireFrom(import.meta.url);const urlInPackage = (name, file) => new URL(file, urlOfPath(require.resolve(name))).href;
async function printDiagnostics(terminal,diagnostics){if(diagnostics.length===0)return!1;let{renderDiagnostic}=await import("./dist-RCOY7NQW.js"),{err}=terminal;await err.write(diagnostics.map(one=>`${renderDiagnostic(one,{colour:err.colour})}

`).join(""));let errors=diagnostics.filter(({severity})=>severity==="error").length,warnings=diagnostics.length-errors,counts=[...errors>0?[count(errors,"error")]:[],...warnings>0?[count(warnings,"warning")]:[]];return await err.write(`${counts.join(", ")}
`),errors>0}function count(number,what){return`${number} ${what}${number===1?"":"s"}`}export{printDiagnostics};
