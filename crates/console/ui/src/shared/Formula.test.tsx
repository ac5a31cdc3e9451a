import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Schemas } from '@/api/client';
import { chooseLanguage, startTexts } from '@/i18n';
import { show } from '@/testing/show';

import { Formula } from './Formula';

const LINE: Schemas['ReceiptLine'] = {
  meter: 'cache_read',
  side: 'input',
  unit: 'token',
  size: null,
  count: 1000,
  billed_count: null,
  usd_per_million: '2.5',
  multiplier: '0.8',
  modifiers: [{ name: 'fast', multiplier: '6' }],
  fallbacks: [],
  list_cost: '0.015',
  cost: '0.012',
  formula: '',
};
const lines = () => screen.getAllByRole('listitem').map((item) => item.textContent);

beforeEach(() => startTexts('en'));

describe('the formula of an amount', () => {
  it('names every factor, and the sum where there is more than one line', () => {
    const search = { meter: 'web_search', unit: 'call', count: 1, usd_per_million: '10000', multiplier: '1', cost: '0.01' } as const;
    show(<Formula lines={[LINE, { ...LINE, ...search, modifiers: [] }]} cost="0.022" />);
    expect(lines()).toEqual([
      'Cache read: 1,000 tokens × 2.5 USD per million × 6 (fast) × 0.8 (input multiplier) = 0.012 USD',
      'Web search: 1 call × 10000 USD per million × 1 (input multiplier) = 0.01 USD',
      '0.012 + 0.01 = 0.022 USD',
    ]);
  });

  it('says what is charged where that is not what was counted', () => {
    const pixels = { meter: 'pixels_out', unit: 'pixel', side: 'output', count: 900, billed_count: 1024 } as const;
    show(<Formula lines={[{ ...LINE, ...pixels, modifiers: [] }]} cost="0.012" />);
    expect(lines()).toEqual([
      'Pixels out: 900 pixels, charged as 1,024, × 2.5 USD per million × 0.8 (output multiplier) = 0.012 USD',
    ]);
  });

  it('speaks the reader’s language', async () => {
    await chooseLanguage('zh-CN');
    show(<Formula lines={[LINE]} cost="0.012" />);
    expect(lines()).toEqual(['缓存读取：1,000 token × 2.5 美元/百万 × 6（fast） × 0.8（输入倍率） = 0.012 美元']);
  });
});
