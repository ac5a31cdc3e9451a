import { mergeConfig } from 'vite';
import { defineConfig } from 'vitest/config';

import build from './vite.config';

export default mergeConfig(
  build,
  defineConfig({
    test: {
      environment: 'jsdom',
      setupFiles: ['./vitest.setup.ts'],
      include: ['src/**/*.test.{ts,tsx}'],
      css: false,
      restoreMocks: true,
      // Only what hangs takes so long; forms that are typed into take their time on a busy machine.
      testTimeout: 60_000,
    },
  }),
);
