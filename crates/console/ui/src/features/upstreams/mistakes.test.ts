import { describe, expect, it } from 'vitest';

import { isCredential, isProvider, modelsMistake, patternMistake, urlMistake } from './mistakes';

describe('a base URL', () => {
  it.each([
    ['https://api.openai.com', null],
    ['http://127.0.0.1:9000/openai/', null],
    ['https://r.openai.azure.com/?api-version=2024-10-21', null],
    ['', 'url'],
    ['api.openai.com', 'url'],
    ['ftp://example.com', 'url'],
    ['https://user:secret@example.com', 'urlSecret'],
    ['https://example.com/?key=1', 'urlQuery'],
    ['https://example.com/#a', 'urlQuery'],
    ['https://api.openai.com/v1/', 'urlVersion'],
    ['https://example.com/v1beta', 'urlVersion'],
  ])('%s: %s', (url, mistake) => {
    expect(urlMistake(url)).toBe(mistake);
  });
});

describe('rules for models', () => {
  it.each([
    ['gpt-*\nfast = gpt-5-mini', null],
    ['', null],
    ['gpt-*-mini', { mistake: 'star', model: 'gpt-*-mini' }],
    ['a\nb\na', { mistake: 'twice', model: 'a' }],
    ['x'.repeat(257), { mistake: 'long', model: 'x'.repeat(257) }],
  ])('%j: %j', (text, found) => {
    expect(modelsMistake(text)).toEqual(found);
  });

  it.each([
    ['gpt-5*', ['gpt-5*'], null],
    ['', [''], 'required'],
    ['*-mini', ['*-mini'], 'star'],
    ['a', ['a', 'a'], 'twice'],
  ] as const)('the pattern %s among %j: %s', (pattern, all, mistake) => {
    expect(patternMistake(pattern, all)).toBe(mistake);
  });
});

it('a provider is a name of the catalog, a credential visible ASCII', () => {
  expect(['openai', 'together_ai', 'Open AI', '', 'x'.repeat(65)].map(isProvider)).toEqual([true, true, false, false, false]);
  expect(['sk-1', 'with blank', 'schlüssel'].map(isCredential)).toEqual([true, false, false]);
});
