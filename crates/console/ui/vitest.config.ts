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
      testTimeout: 20000,
    },
  }),
);
