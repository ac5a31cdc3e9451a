import { screen } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';

import { startTexts } from '@/i18n';
import { show } from '@/testing/show';

import { Comparison } from './Comparison';

beforeAll(() => startTexts('en'));

describe('the comparison with an earlier period', () => {
  it.each([
    ['12.5', '10', '+25.0% against yesterday by now ($10.00)'],
    ['7.5', '10', '-25.0% against yesterday by now ($10.00)'],
    ['10', '10', '+0.0% against yesterday by now ($10.00)'],
    ['5', '0', 'against yesterday by now ($0.00)'],
    ['0', '0.004', '-100.0% against yesterday by now ($0.004)'],
  ])('of %s with %s says: %s', (now, before, text) => {
    show(<Comparison now={now} before={before} against="against yesterday by now" />);
    expect(screen.getByTestId('comparison').textContent.trim()).toBe(text);
  });
});
