import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import { startTexts } from '@/i18n';
import { answer, showAt } from '@/testing/show';

import { AuditTab } from './audit/AuditTab';
import { ConfigTab } from './ConfigTab';
import { JournalTab } from './JournalTab';
import { CONFIG, EDIT, JOB, JOURNAL, VERSION } from './samples';
import { span } from '@/shared/span';
import { SystemPage } from './SystemPage';
import { VersionTab } from './VersionTab';

beforeAll(() => startTexts('en'));

describe('the audit log', () => {
  const DETAIL = {
    entry: EDIT,
    before: { name: 'search-backend', revision: 1, team: 'old', tags: ['a', 'b'], token_hash: '***' },
    after: { name: 'search-backend', revision: 2, team: 'search', tags: ['b', 'c'], token_hash: '***' },
  };

  async function shownAudit(address = '/system?tab=audit') {
    const asked: URLSearchParams[] = [];
    vi.spyOn(window, 'fetch').mockImplementation((given) => {
      const url = new URL((given as Request).url);
      if (url.pathname.endsWith('/audit-log')) {
        asked.push(url.searchParams);
        const isSecond = url.searchParams.get('cursor') === 'next';
        const items = isSecond ? [{ ...EDIT, id: 4710, resource_name: 'chat-app' }] : [EDIT];
        return answer(200, { items, next_cursor: isSecond ? null : 'next' });
      }
      return answer(200, DETAIL);
    });
    const { router } = await showAt(address, <AuditTab />);
    await screen.findByText('search-backend');
    return { asked, router };
  }

  it('says who changed what, and of what', async () => {
    await shownAudit();
    const table = screen.getByRole('table', { name: 'Audit log' });
    for (const text of ['ada@example.com', 'Admin · console', 'changed', 'team', '192.0.2.7']) {
      expect(within(table).getByText(text)).toBeInTheDocument();
    }
  });

  it('opens to what stood there before and after', async () => {
    await shownAudit();
    await userEvent.click(screen.getByRole('button', { name: 'Show details' }));
    const diff = await screen.findByRole('table', { name: 'Before and after' });
    const removed = [...diff.querySelectorAll('del')].map((element) => element.textContent);
    const added = [...diff.querySelectorAll('ins')].map((element) => element.textContent);
    expect(removed).toEqual(['was:a', 'was:old']);
    expect(added).toEqual(['is now:c', 'is now:search']);
    expect(within(diff).queryByText('token_hash')).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show 2 unchanged fields' }));
    expect(within(diff).getByText('token_hash')).toBeInTheDocument();
    expect(within(diff).getAllByText('***')).toHaveLength(2);
  });

  it('has each name above its values on a phone, where three columns would break it', async () => {
    const wide = window.matchMedia('(min-width: 0)');
    vi.spyOn(window, 'matchMedia').mockImplementation((media) =>
      Object.assign(Object.create(wide) as MediaQueryList, { media, matches: media.includes('max-width') }),
    );
    await shownAudit();
    await userEvent.click(screen.getByRole('button', { name: 'Show details' }));
    const diff = await screen.findByRole('table', { name: 'Before and after' });
    const headers = within(diff).getAllByRole('columnheader').map(({ textContent }) => textContent);
    expect(headers).toEqual(['Before', 'After']);
    const rows = within(diff).getAllByRole('row').map(({ textContent }) => textContent);
    expect(rows).toContain('team');
    expect(rows[rows.indexOf('team') + 1]).toBe('was:oldis now:search');
  });

  it('goes on from its cursor with the same filters', async () => {
    const { asked } = await shownAudit('/system?tab=audit&kind=key');
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('chat-app')).toBeInTheDocument();
    expect(screen.getByText('search-backend')).toBeInTheDocument();
    expect(asked.at(-1)!.get('resource_kind')).toBe('key');
    expect(screen.queryByRole('button', { name: 'Show more' })).not.toBeInTheDocument();
  });

  it('reads its filters from the address and writes them there', async () => {
    const { asked, router } = await shownAudit('/system?tab=audit&actor=ada@example.com&from=2026-11-01T00:00:00Z');
    expect(Object.fromEntries(asked[0]!)).toMatchObject({ actor: 'ada@example.com', from: '2026-11-01T00:00:00.000Z' });
    await userEvent.click(screen.getByRole('button', { name: 'Show details' }));
    await userEvent.click(await screen.findByRole('button', { name: 'All edits of this' }));
    await waitFor(() => expect(asked.at(-1)!.get('resource_id')).toBe('k'));
    expect(asked.at(-1)!.get('actor')).toBeNull();
    expect(router.state.location.search).toMatchObject({ tab: 'audit', kind: 'key', resource: 'k' });
  });
});

describe('the configuration', () => {
  async function shownConfig(address = '/system?tab=config') {
    vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, { settings: CONFIG }));
    await showAt(address, <ConfigTab />);
    await screen.findByRole('table');
  }

  it('shows value and source, and says what is masked or not set', async () => {
    await shownConfig();
    const row = screen.getByText('database_url').closest('tr')!;
    for (const text of ['postgres://tollgate:***@db/tollgate', 'Environment', 'DATABASE_URL']) {
      expect(within(row).getByText(text)).toBeInTheDocument();
    }
    expect(within(row).getByText(/masked/)).toBeInTheDocument();
    expect(within(screen.getByText('admin_listen').closest('tr')!).getByText('not set')).toBeInTheDocument();
    expect(within(screen.getByText('proxy.drain_seconds').closest('tr')!).getByText('/etc/tollgate.toml')).toBeInTheDocument();
  });

  it('is searched as one types, also by variable', async () => {
    await shownConfig();
    await userEvent.type(screen.getByRole('textbox', { name: 'Search' }), 'TOLLGATE_PROXY');
    await waitFor(() => expect(screen.queryByText('accounting_zone')).not.toBeInTheDocument());
    expect(screen.getByText('proxy.drain_seconds')).toBeInTheDocument();
  });

  it('shows what was set by somebody, from a link', async () => {
    await shownConfig('/system?tab=config&source=changed');
    expect(screen.getByText('database_url')).toBeInTheDocument();
    expect(screen.queryByText('accounting_zone')).not.toBeInTheDocument();
  });
});

describe('the journal', () => {
  it('says what waits, since when, and what was not recorded', async () => {
    const gaps = [{ attempts: 12, from: '2026-11-05T06:00:00Z', until: '2026-11-05T06:00:09Z', journal_id: 'j' }];
    const behind = { ...JOURNAL, state: 'full', pending_entries: 1500, oldest_pending_at: new Date(Date.now() - 300_000).toISOString(), gaps };
    vi.spyOn(window, 'fetch').mockImplementation((given) =>
      (given as Request).url.includes('attention') ? answer(200, { items: [], kinds: [], next_cursor: null }) : answer(200, behind),
    );
    await showAt('/system?tab=journal', <JournalTab />);
    expect(await screen.findByText('1,500')).toBeInTheDocument();
    expect(screen.getByText('Full')).toBeInTheDocument();
    expect(screen.getByText('5 minutes ago')).toBeInTheDocument();
    expect(within(screen.getByRole('region', { name: 'Attempts unrecorded' })).getByText('12')).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Gaps' })).toBeInTheDocument();
  });
});

it('shows what runs, and since when', async () => {
  vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, VERSION));
  await showAt('/system?tab=version', <VersionTab />);
  for (const text of ['2928f3e0c1', 'postgresql 17.2', '0012_system', '2 hours', 'Europe/Berlin']) {
    expect(await screen.findByText(text)).toBeInTheDocument();
  }
  expect(screen.getByRole('link', { name: '/api/docs' })).toHaveAttribute('href', '/api/docs');
});

it('opens the part that the address names, and goes to another without its filters', async () => {
  vi.spyOn(window, 'fetch').mockImplementation((given) =>
    (given as Request).url.includes('/config') ? answer(200, { settings: CONFIG }) : answer(200, { items: [JOB] }),
  );
  const { router } = await showAt('/system?tab=config&q=drain', <SystemPage />);
  expect(await screen.findByText('proxy.drain_seconds')).toBeInTheDocument();
  expect(screen.getByRole('tab', { name: 'Configuration' })).toHaveAttribute('aria-selected', 'true');
  await userEvent.click(screen.getByRole('tab', { name: 'Jobs' }));
  expect(await screen.findByRole('heading', { name: 'Price sync' })).toBeInTheDocument();
  expect(router.state.location.search).toEqual({});
});

it.each([
  [0, '0 seconds'],
  [59, '59 seconds'],
  [3_600, '1 hour'],
  [90_061, '1 day 1 hour'],
  [86_461, '1 day'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(span(seconds, { language: 'en', timeZone: 'UTC' })).toBe(text);
});
