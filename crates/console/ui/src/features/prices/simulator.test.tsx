import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';

import { startTexts } from '@/i18n';
import { changes, gateway } from '@/testing/gateway';
import { answer, problem, showAt } from '@/testing/show';

import { Simulator } from './Simulator';

beforeAll(() => startTexts('en'));

const SIMULATE = 'POST /billing/simulate';
const result = (upstream_name: string, cost: string | null) => ({
  upstream_id: upstream_name,
  upstream_name,
  provider: 'openai',
  enabled: true,
  model_sent: 'gpt-x',
  billing_status: cost === null ? 'unbilled' : 'billed',
  reason: cost === null ? 'price_not_found' : null,
  detail: null,
  list_cost: cost,
  cost,
  pricing: null,
  lines: [],
  formula: null,
  candidates: [],
});
const compute = () => userEvent.click(screen.getByRole('button', { name: 'Compute' }));

describe('the simulator', () => {
  it('says that it computes, then that no upstream serves the model', async () => {
    const none = () => new Promise<Response>((resolve) => setTimeout(() => void answer(200, { results: [] }).then(resolve), 60));
    gateway({ [SIMULATE]: none });
    await showAt('/?model=gpt-x', <Simulator />);
    await compute();
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
    expect(await screen.findByText('No upstream serves this model')).toBeInTheDocument();
    expect(screen.queryByRole('status', { name: 'Loading' })).not.toBeInTheDocument();
  });

  it('says what failed, and computes again', async () => {
    let isBroken = true;
    const asked = gateway({ [SIMULATE]: () => (isBroken ? problem(500, 'internal') : { results: [] }) });
    await showAt('/?model=gpt-x', <Simulator />);
    await compute();
    expect(await screen.findByText('The gateway failed')).toBeInTheDocument();
    isBroken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('No upstream serves this model')).toBeInTheDocument();
    expect(screen.queryByText('The gateway failed')).not.toBeInTheDocument();
    expect(changes(asked).map(({ body }) => body)).toEqual([changes(asked)[0]?.body, changes(asked)[0]?.body]);
  });

  it('puts the cheapest first, and what nobody knows the cost of last', async () => {
    gateway({ [SIMULATE]: () => ({ results: [result('unknown', null), result('dear', '0.02'), result('cheap', '0.01')] }) });
    await showAt('/?model=gpt-x', <Simulator />);
    await compute();
    const table = await screen.findByRole('table', { name: 'Cost by upstream' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map((row) => /unknown|dear|cheap/.exec(row.textContent)?.[0])).toEqual(['cheap', 'dear', 'unknown']);
    expect(rows[0]).toHaveTextContent('cheapest');
    expect(rows[1]).toHaveTextContent('×2');
    expect(rows[2]).toHaveTextContent('not known');
  });
});
