import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import { MultipliersBlock } from '@/features/billing/MultipliersBlock';
import { RecentBlock } from '@/features/billing/RecentBlock';
import { UnpricedBlock } from '@/features/billing/UnpricedBlock';
import { startTexts } from '@/i18n';
import { answer, problem, show } from '@/testing/show';

beforeAll(() => startTexts('en'));

describe.each([
  ['recent requests', RecentBlock, 'No request yet'],
  ['models without a price', UnpricedBlock, 'Every model served has a price'],
  ['multipliers', MultipliersBlock, 'There is no upstream yet'],
] as const)('the list of %s', (_name, List, empty) => {
  it('says that it loads, then that nothing is there', async () => {
    vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, { items: [], next_cursor: null }));
    show(<List />);
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
    expect(await screen.findByText(empty)).toBeInTheDocument();
  });

  it('says what failed in the reader’s words, and asks again', async () => {
    const fetched = vi.spyOn(window, 'fetch').mockImplementation(() => problem(500, 'internal'));
    show(<List />);
    expect(await screen.findByText('The gateway failed')).toBeInTheDocument();
    fetched.mockImplementation(() => answer(200, { items: [], next_cursor: null }));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(empty)).toBeInTheDocument();
  });
});
