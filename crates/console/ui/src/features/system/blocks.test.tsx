import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { startTexts } from '@/i18n';
import * as phone from '@/shared/useIsPhone';
import { answer, problem, showAt } from '@/testing/show';

import { AuditTab } from './audit/AuditTab';
import { ConfigTab } from './ConfigTab';
import { Conflicts } from './Conflicts';
import { DeferredTab } from './DeferredTab';
import { JobsTab } from './jobs/JobsTab';
import { JournalTab } from './JournalTab';
import { CONFIG, DEFERRED, EDIT, JOB, JOURNAL, TOKEN, VERSION } from './samples';
import { TokensTab } from './tokens/TokensTab';
import { VersionTab } from './VersionTab';

beforeAll(() => startTexts('en'));

const list = (...items: unknown[]) => ({ items, next_cursor: null });

/** Name, block, an answer without rows and what is said of it, an answer with rows and what is seen of it. */
const BLOCKS = [
  ['jobs', JobsTab, { items: [] }, 'This gateway has no jobs', { items: [JOB] }, 'Price sync'],
  ['the audit log', AuditTab, list(), 'Nothing was changed yet', list(EDIT), 'search-backend'],
  ['deferred operations', DeferredTab, list(), 'Nothing is deferred', list(DEFERRED), 'batch_42'],
  ['conflicts', Conflicts, { ...list(), kinds: [] }, 'No conflict', null, null],
  ['settings', ConfigTab, { settings: [] }, 'No such setting', { settings: CONFIG }, 'proxy.drain_seconds'],
  ['admin tokens', TokensTab, list(), 'There is no admin token', list(TOKEN), 'lin@example.com'],
  ['the journal', JournalTab, null, null, { ...JOURNAL, ...list(), kinds: [] }, 'In order'],
  ['the version', VersionTab, null, null, VERSION, '0.1.0'],
] as const;

describe.each([
  ['a desktop', false],
  ['a phone', true],
])('on %s', (_, isPhone) => {
  beforeEach(() => {
    vi.spyOn(phone, 'useIsPhone').mockReturnValue(isPhone);
  });

  describe.each(BLOCKS)('the block of %s', (_name, Block, none, empty, some, seen) => {
    it('says that it loads, then shows what there is or that nothing is', async () => {
      vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, none ?? some));
      await showAt('/system', <Block />);
      expect(screen.getAllByRole('status', { name: 'Loading' }).length).toBeGreaterThan(0);
      expect(await screen.findByText((empty ?? seen)!)).toBeInTheDocument();
      expect(screen.queryByRole('status', { name: 'Loading' })).not.toBeInTheDocument();
    });

    it('says what failed, and asks again', async () => {
      const fetched = vi.spyOn(window, 'fetch').mockImplementation(() => problem(503, 'database_unavailable'));
      await showAt('/system', <Block />);
      expect((await screen.findAllByText('The database is away')).length).toBeGreaterThan(0);
      fetched.mockImplementation(() => answer(200, some ?? none));
      await userEvent.click(screen.getAllByRole('button', { name: 'Try again' })[0]!);
      expect((await screen.findAllByText((seen ?? empty)!)).length).toBeGreaterThan(0);
    });
  });
});

it('says whether filters or the gateway left nothing', async () => {
  vi.spyOn(window, 'fetch').mockImplementation(() => answer(200, list()));
  await showAt('/system?tab=audit&actor=nobody', <AuditTab />);
  expect(await screen.findByText('No such edit')).toBeInTheDocument();
});
