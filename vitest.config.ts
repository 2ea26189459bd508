import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // They need Wine and systemd: `npm run test:wine`, `npm run test:systemd`.
    exclude: [
      ...(process.env.STOREDB_TEST_WINE === undefined ? ['test/wine/**'] : []),
      ...(process.env.STOREDB_TEST_SYSTEMD === undefined ? ['test/systemd/**'] : []),
    ],
    setupFiles: ['./test/fixed-seed.ts'],
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
