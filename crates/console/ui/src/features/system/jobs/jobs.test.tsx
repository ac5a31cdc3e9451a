import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { Job, JobRun } from '@/data/jobs';
import { startTexts } from '@/i18n';
import { answer, problem, show } from '@/testing/show';

import { JOB } from '../samples';
import { JobsTab } from './JobsTab';

beforeAll(() => startTexts('en'));

const BEGUN: JobRun = { ...JOB.runs[0]!, id: 'run-2', trigger: 'manual', author: 'ada', outcome: null, ended_at: null, duration_ms: null, detail: null };

/** A gateway with one job that a test may change; what was ordered is collected. */
function gateway(initial: Job) {
  const state = { job: initial, orders: [] as string[] };
  vi.spyOn(window, 'fetch').mockImplementation((given) => {
    const { method, url } = given as Request;
    if (method === 'GET') return answer(200, { items: [state.job] });
    const order = url.split('/').at(-1)!;
    state.orders.push(order);
    if (order === 'run') state.job = { ...state.job, state: 'running', runs: [BEGUN, ...JOB.runs] };
    if (order === 'pause') state.job = { ...state.job, state: 'paused', paused_at: '2026-11-26T09:00:00Z', paused_by: 'ada' };
    if (order === 'resume') state.job = JOB;
    return answer(order === 'run' ? 202 : 200, state.job);
  });
  return state;
}

it('runs a job now and says what came of it', async () => {
  const state = gateway(JOB);
  show(<JobsTab />);
  await userEvent.click(await screen.findByRole('button', { name: 'Run now: Price sync' }));
  expect(await screen.findByText('Price sync has begun')).toBeInTheDocument();
  expect(await screen.findByText('running now')).toBeInTheDocument();
  state.job = { ...JOB, runs: [{ ...BEGUN, outcome: 'failed', detail: 'no map could be fetched' }, ...JOB.runs] };
  expect(await screen.findByText('Price sync did not succeed', {}, { timeout: 5000 })).toBeInTheDocument();
  expect(screen.getAllByText('no map could be fetched').length).toBeGreaterThan(0);
  expect(state.orders).toEqual(['run']);
});

it('pauses a schedule, says who did, and resumes it', async () => {
  const state = gateway(JOB);
  show(<JobsTab />);
  await userEvent.click(await screen.findByRole('button', { name: 'Pause the schedule: Price sync' }));
  expect(await screen.findByText(/paused by ada/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Resume the schedule: Price sync' }));
  expect(await screen.findByRole('button', { name: 'Pause the schedule: Price sync' })).toBeInTheDocument();
  expect(state.orders).toEqual(['pause', 'resume']);
});

it('says that a job runs already where somebody was faster', async () => {
  vi.spyOn(window, 'fetch').mockImplementation((given) =>
    (given as Request).method === 'GET' ? answer(200, { items: [JOB] }) : problem(409, 'job_running', 'at another replica'),
  );
  show(<JobsTab />);
  await userEvent.click(await screen.findByRole('button', { name: 'Run now: Price sync' }));
  expect(await screen.findByText('The job is running already')).toBeInTheDocument();
});

it('gives no orders for somebody who may only look', async () => {
  const state = gateway(JOB);
  show(<JobsTab />, { role: 'finance' });
  const run = await screen.findByRole('button', { name: 'Run now: Price sync' });
  expect(run).toHaveAttribute('aria-disabled', 'true');
  await userEvent.click(run);
  await userEvent.click(screen.getByRole('button', { name: 'Pause the schedule: Price sync' }));
  expect(state.orders).toEqual([]);
});

it('lists the latest runs, each with what it did', async () => {
  gateway(JOB);
  show(<JobsTab />);
  await userEvent.click(await screen.findByRole('button', { name: 'Latest runs' }));
  const runs = await screen.findByRole('table', { name: 'Latest runs: Price sync' });
  await waitFor(() => expect(within(runs).getByText('3 prices changed')).toBeInTheDocument());
  expect(within(runs).getByText('2 sec')).toBeInTheDocument();
});

it('has no pause for what the configuration has switched off', async () => {
  gateway({ ...JOB, every_seconds: null, next_run_at: null });
  show(<JobsTab />);
  expect(await screen.findByText('off by configuration')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Pause/ })).not.toBeInTheDocument();
});

describe('what a run came to', () => {
  beforeAll(() => startTexts('zh-CN'));
  afterAll(() => startTexts('en'));

  it.each([
    ['there was nothing to do', '没有需要处理的内容。'],
    ['removed 12 request logs and the partitions a, b', '已删除 12 条请求日志和分区 a, b'],
    ['1 settled, 3 still going on, 0 could not be looked at', '已结算 1，仍在进行 3，无法查看 0'],
    ['success', '成功'],
    ['failed: no map could be fetched', '失败 – no map could be fetched'],
  ])('is said in the reader’s language: %s', async (detail, text) => {
    gateway({ ...JOB, runs: [{ ...JOB.runs[0]!, detail }] });
    show(<JobsTab />);
    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it('stands as the gateway says it where the console does not know it, and is marked so', async () => {
    gateway({ ...JOB, runs: [{ ...JOB.runs[0]!, detail: 'something new' }] });
    show(<JobsTab />);
    expect(await screen.findByText('something new')).toHaveAttribute('lang', 'en');
  });
});
