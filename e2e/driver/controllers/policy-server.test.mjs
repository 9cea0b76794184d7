import test from "ava";
import { localArguments } from "./policy-server.mjs";

test("the paths and the port of a Pod are those of this machine, and nothing else is changed", (t) => {
  const args = [
    "serve",
    "/policies/a.tar.gz",
    "--port=8443",
    "--tls-cert=/tls/tls.crt",
    "--host=127.0.0.1",
    "--drain=10",
  ];
  t.deepEqual(localArguments(args, { port: 1, folders: { "/policies/": "/run/bundles", "/tls/": "/run/tls" } }), [
    "serve",
    "/run/bundles/a.tar.gz",
    "--port=1",
    "--tls-cert=/run/tls/tls.crt",
    "--host=127.0.0.1",
    "--drain=10",
  ]);
});
