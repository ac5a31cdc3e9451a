import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import { startTexts } from '@/i18n';
import { answer, problem, showAt } from '@/testing/show';

import { BillingBlock } from './BillingBlock';
import { DisplayBlock } from './DisplayBlock';
import { SessionBlock } from './SessionBlock';

beforeAll(() => startTexts('en'));

const setting = (key: string, value: unknown, source = 'default', origin: string | null = null) => ({ key, value, masked: false, source, origin });
const SETTINGS = [
  setting('accounting_zone', 'Europe/Berlin', 'file', '/etc/tollgate.toml'),
  setting('billing.on_unpriced', 'refuse', 'environment', 'TOLLGATE_BILLING__ON_UNPRICED'),
  setting('billing.estimate_missing_usage', false),
  setting('prices.sync.enabled', true),
  setting('prices.sync.interval_minutes', 1440),
  setting('prices.sync.guard_factor', 3),
  setting('listen', '127.0.0.1:8787'),
];

describe('how requests are billed', () => {
  it('is told in words, with where each rule is set', async () => {
    vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, { settings: SETTINGS }));
    await showAt('/settings', <BillingBlock />);
    const table = await screen.findByRole('table', { name: 'Billing' });
    for (const text of [
      'are refused before anything is sent',
      'TOLLGATE_BILLING__ON_UNPRICED',
      'stay unbilled',
      'Europe/Berlin',
      'from /etc/tollgate.toml',
      '1 day',
      'of a rate by more than 3 times, up or down',
    ]) {
      expect(within(table).getByText(text)).toBeInTheDocument();
    }
    expect(screen.queryByText('127.0.0.1:8787')).not.toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Billing' })).toHaveAttribute('href', '/system/billing');
  });

  it('shows a value it has no words for as it is', async () => {
    vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, { settings: [setting('billing.on_unpriced', 'ask')] }));
    await showAt('/settings', <BillingBlock />);
    expect(await screen.findByText('"ask"')).toBeInTheDocument();
  });

  it('says that it loads, what failed, and asks again', async () => {
    const fetched = vi.spyOn(window, 'fetch').mockImplementation(() => problem(500, 'internal'));
    await showAt('/settings', <BillingBlock />);
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
    expect(await screen.findByText('The gateway failed')).toBeInTheDocument();
    fetched.mockImplementation(() => answer(200, { settings: [] }));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('This gateway does not say how it bills')).toBeInTheDocument();
  });
});

describe('the session', () => {
  it.each([
    ['admin', true],
    ['finance', false],
  ] as const)('tells an %s who they are and what they may do', async (role, isAdmin) => {
    await showAt('/settings', <SessionBlock />, { role });
    expect(screen.getByText('ada@example.com')).toBeInTheDocument();
    expect(screen.getByText('after 2 hours')).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Admin tokens' }) !== null).toBe(isAdmin);
  });

  it('is ended by its button', async () => {
    const fetched = vi.spyOn(window, 'fetch').mockImplementation(() => answer(204, null));
    await showAt('/settings', <SessionBlock />);
    await userEvent.click(screen.getByRole('button', { name: 'Sign out' }));
    await waitFor(() => expect(screen.queryByText('ada@example.com')).not.toBeInTheDocument());
    expect((fetched.mock.calls[0]![0] as Request).method).toBe('DELETE');
  });
});

it('names the accounting zone beside the one to choose', async () => {
  vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, { settings: SETTINGS }));
  await showAt('/settings', <DisplayBlock />);
  expect(await screen.findByText(/follow the accounting zone, Europe\/Berlin/)).toBeInTheDocument();
});
