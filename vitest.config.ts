import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Without this, a test that imports graphql gets a second copy of it (the ESM build) beside the one Apollo and Pothos use.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
