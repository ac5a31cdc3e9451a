import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { act, renderHook } from '@testing-library/react';
import { useTranslation } from 'react-i18next';
import { expect, it } from 'vitest';

import first from './en';
import { allTexts, chooseLanguage, startTexts } from './index';

const SOURCE = join(__dirname, '..');

/** The files that a file imports, itself included; not what is imported while the console runs. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const code = readFileSync(file, 'utf8');
  for (const [, name] of code.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gms)) {
    const base = name!.startsWith('@/') ? join(SOURCE, name!.slice(2)) : join(dirname(file), name!);
    const path = [`${base}.ts`, `${base}.tsx`, join(base, 'index.ts')].find((candidate) => existsSync(candidate));
    if (path && (name!.startsWith('@/') || name!.startsWith('.'))) withImports(path, found);
  }
  return found;
}

it('sign-in, frame and overview have all their texts at first', () => {
  const entries = ['main.tsx', 'app/SignIn.tsx', 'features/overview/OverviewPage.tsx'];
  const files = new Set(entries.flatMap((entry) => [...withImports(join(SOURCE, entry))]));
  expect(files.size).toBeGreaterThan(50);
  const missing = [...files].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/useTranslation\(([^)]*)\)/g)]
      .flatMap(([, names]) => [...names!.matchAll(/'(\w+)'/g)].map(([, name]) => name!))
      .filter((name) => !(name in first))
      .map((name) => `${file}: ${name}`),
  );
  expect(missing).toEqual([]);
});

it('a language that is chosen while the other pages’ texts are on their way has them, too', async () => {
  await startTexts('en', ['first']);
  const { result } = renderHook(() => useTranslation(['shell', 'settings']));
  expect(result.current.t('shell:search')).toBe('Search');
  expect(result.current.t('settings:title')).toBe('title');
  await act(async () => {
    await Promise.all([chooseLanguage('zh-CN'), allTexts()]);
  });
  expect(result.current.t('settings:title')).toBe('设置');
  await act(() => chooseLanguage('en'));
  expect(result.current.t('settings:title')).toBe('Settings');
});
