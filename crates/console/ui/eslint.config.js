import js from '@eslint/js';
import i18next from 'eslint-plugin-i18next';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts', 'browser/out'] },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [js.configs.recommended, ...ts.configs.strictTypeChecked, a11y.flatConfigs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'react-hooks': hooks, i18next },
    rules: {
      ...hooks.configs.recommended.rules,
      // Every text a person reads goes through a message key.
      'i18next/no-literal-string': [
        'error',
        {
          mode: 'jsx-only',
          'jsx-attributes': {
            include: ['label', 'title', 'description', 'placeholder', 'aria-label', 'alt', 'about', 'hint', 'header'],
          },
          words: { exclude: ['[0-9!-/:-@[-`{-~×·–→≥≤]+', '[A-Z_-]+'] },
          message: 'a text without a message key',
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/only-throw-error': ['error', { allow: [{ from: 'package', package: '@tanstack/router-core', name: 'Redirect' }] }],
      '@typescript-eslint/no-empty-function': 'off',
      // The sign-in field is what the page is for.
      'jsx-a11y/no-autofocus': 'off',
      // A table that scrolls must be reachable with the keyboard.
      'jsx-a11y/no-noninteractive-tabindex': 'off',
      // Amounts are decimals: reading one as a float loses digits. Drawing has its one place.
      'no-restricted-globals': ['error', 'parseFloat'],
    },
  },
  {
    files: ['src/**/*.test.{ts,tsx}'],
    rules: { 'i18next/no-literal-string': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['scripts/**/*.mjs', 'browser/**/*.mjs'],
    extends: [js.configs.recommended],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
