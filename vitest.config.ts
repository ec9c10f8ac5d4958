import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The workers, and what the tests start, load the same modules hundreds of times.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

export default defineConfig({
  resolve: {
    // Without this, a test that imports graphql gets a second copy of it (the ESM build) beside the one Apollo and Pothos use.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['tests/**/*.test.ts'],
    // The tests wait for servers more than they reckon: by default Vitest leaves a core idle, which on two is half of them.
    // As the hub loads them.
    execArgv: [`--import=${new URL('src/loading.ts', import.meta.url).href}`],
    maxWorkers: Math.max(2, availableParallelism()),
    globalSetup: ['tests/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What has no bound of its own is waited for until it comes: on a busy machine a second is not long.
    expect: { poll: { timeout: 10_000 } },
  },
});
