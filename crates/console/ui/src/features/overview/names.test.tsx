import { screen, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';

import { chooseLanguage, startTexts } from '@/i18n';
import { CONSOLE_KEY } from '@/shared/memberName';
import { gateway } from '@/testing/gateway';
import { show, showAt } from '@/testing/show';

import { SeriesCost } from './SeriesCost';
import { TopLists } from './TopLists';

beforeAll(() => startTexts('en'));

const DAY = '2026-11-26T00:00:00Z';
const GONE = '0198f0a0-0000-7000-8000-0000000abcde';
const series = (member: string | null, name: string | null, cost: string, change: object = {}) =>
  ({ member, name, deleted: false, members: 1, total: { cost, billed: 1, unbilled: 0 }, values: { cost: [cost] }, ...change }) as never;

describe('where the money goes', () => {
  const answerOf = (...all: object[]) => ({ series: all, other: null, points: [], total: series(null, null, '10') as object });

  const names = async () => {
    const [list] = await screen.findAllByRole('list');
    return within(list!).getAllByRole('listitem').map((item) => item.textContent);
  };

  it('names test calls, and keeps the last name of what is deleted', async () => {
    gateway({
      'GET /billing/timeseries': () =>
        answerOf(
          series(CONSOLE_KEY, null, '5', { deleted: true }),
          series(GONE, 'old-app', '3', { deleted: true }),
          series(GONE, null, '1', { deleted: true }),
          series('', null, '1'),
        ),
    });
    await showAt('/', <TopLists today={DAY} month={DAY} hasToday />);
    const [console_, deleted, unknown, nobody] = await names();
    expect(console_).toMatch(/^Test calls of the console/);
    expect(deleted).toMatch(/^old-app \(deleted\)/);
    expect(unknown).toMatch(/^deleted, …0abcde/);
    expect(nobody).toMatch(/^\(none\)/);
    expect(document.body).not.toHaveTextContent(CONSOLE_KEY);
  });

  it('names them in the reader’s language', async () => {
    gateway({ 'GET /billing/timeseries': () => answerOf(series(CONSOLE_KEY, null, '5')) });
    await chooseLanguage('zh-CN');
    await showAt('/', <TopLists today={DAY} month={DAY} hasToday />);
    expect((await names())[0]).toMatch(/^控制台测试调用/);
    await chooseLanguage('en');
  });
});

describe('the cost of a member', () => {
  it('stands beside its share', () => {
    show(<SeriesCost of={series('m', 'm', '2.5')} whole="10" />);
    expect(screen.getByText('$2.50')).toBeInTheDocument();
    expect(screen.getByText('25.0%')).toBeInTheDocument();
  });

  it('is not known where nothing of it is billed, and has no share', () => {
    show(<SeriesCost of={series('m', 'm', '0', { total: { cost: '0', billed: 0, unbilled: 3 } })} whole="10" />);
    expect(screen.getByText('not known')).toBeInTheDocument();
    expect(document.body).not.toHaveTextContent('%');
  });

  it('is nothing where all of it is known to be free', () => {
    show(<SeriesCost of={series('m', 'm', '0', { total: { cost: '0', billed: 0, unbilled: 0 } })} whole="0" />);
    expect(screen.getByText('$0.00')).toBeInTheDocument();
  });
});
