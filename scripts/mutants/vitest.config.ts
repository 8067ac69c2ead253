import { defineConfig } from "vitest/config";

/** The tests that must kill the mutants: those of the message inspector and of the archive rules. */
export default defineConfig({
  test: {
    include: [
      "tests/openpgp/{armor,message-inspector,packet-reader,password-message,session-key-packet}.test.ts",
      "tests/core/{archive-reader,archive-rules,byte-reader,entry-name}.test.ts",
    ],
    testTimeout: 120_000,
    env: { POSTERN_TEST_MAX_RUNS: "50" },
  },
});
