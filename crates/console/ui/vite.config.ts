import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const outDir = process.env.TOLLGATE_CONSOLE_OUT ?? 'dist';

/** Below this the header would cost more than compressing saves. */
const SMALLEST = 1024;

/** Writes a `.gz` and a `.br` beside each text file, so that the gateway never compresses. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      const files = readdirSync(outDir, { recursive: true, encoding: 'utf8' });
      for (const name of files.filter((file) => /\.(js|css|svg)$/.test(file))) {
        const path = join(outDir, name);
        if (statSync(path).size < SMALLEST) continue;
        const whole = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(whole, { level: 9 }));
        const quality = { [constants.BROTLI_PARAM_QUALITY]: 10 };
        writeFileSync(`${path}.br`, brotliCompressSync(whole, { params: quality }));
      }
    },
  };
}

/** Reads each icon from its own file: the package's index has thousands, which would all be parsed. */
function singleIcons(): Plugin {
  const index = /import \{([^}]+)\} from '@tabler\/icons-react';/g;
  return {
    name: 'single-icons',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.tsx') && !id.endsWith('places.ts')) return null;
      return code.replace(index, (_, names: string) => {
        const icons = names.split(',').map((name) => name.trim());
        const wanted = icons.filter((name) => name !== '' && !name.startsWith('type '));
        return wanted.map((name) => `import ${name} from '@tabler/icons-react/dist/esm/icons/${name}.mjs';`).join('');
      });
    },
  };
}

export default defineConfig({
  plugins: [singleIcons(), react(), compressed()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the policy forbids it for scripts, and a data: font or script would be one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    manifest: true,
    rollupOptions: {
      output: {
        manualChunks(id) {
          if (/node_modules\/(react|react-dom|scheduler)\//.test(id)) return 'react';
          if (/node_modules\/@tanstack\//.test(id)) return 'tanstack';
          // Charts are left to their lazy import: a chunk by name would take all that they share with it along.
          return undefined;
        },
      },
    },
  },
});
