import test from "ava";
import { isLoopback } from "./loopback.js";

test("loopback addresses and localhost are that, and nothing else", (t) => {
  for (const host of ["127.0.0.1", "127.255.0.9", "::1", "localhost"]) t.true(isLoopback(host), host);
  for (const host of ["0.0.0.0", "::", "128.0.0.1", "10.0.0.1", "localhost.example.com", "127.1", ""]) {
    t.false(isLoopback(host), host);
  }
});
