import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import type { Override } from '@/data/overrides';
import type { RateCard } from '@/data/prices';
import { startTexts } from '@/i18n';
import { changes, gateway } from '@/testing/gateway';
import { answer, show } from '@/testing/show';

import { PriceForm } from './PriceForm';

beforeAll(() => startTexts('en'));

const SAVED = { override: { model: 'acme-large' }, warnings: [], backdated: null };
const CARD = {
  card_id: 'c',
  free: false,
  input_usd_per_mtok: '1.25',
  output_usd_per_mtok: '10',
  cache_read_usd_per_mtok: null,
  cache_write_5m_usd_per_mtok: null,
  cache_write_1h_usd_per_mtok: null,
  bands: [{ above_tokens: 200_000, input_usd_per_mtok: '2.5' }],
  rates: [{ meter: 'web_search', usd_per_call: '0.01' }],
  modifiers: { fast: '6' },
  tiers: [],
} satisfies RateCard;

const field = (row: string, name: string | RegExp) => within(screen.getByRole('group', { name: row })).getByLabelText(name);
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

describe('the form of a price', () => {
  it('takes bands, tiers and further meters, and sends each as the API has it', async () => {
    const asked = gateway({ 'POST /billing/overrides': () => answer(201, SAVED) });
    show(<PriceForm model="acme-large" onDone={vi.fn()} />);
    await userEvent.type(screen.getByLabelText('Input'), '1');
    await userEvent.type(screen.getByLabelText('Output'), '4');
    await press('Large requests');
    await userEvent.type(field('Band 1', 'Above tokens'), '200,000');
    await userEvent.type(field('Band 1', 'Input'), '2');
    await userEvent.type(field('Band 1', 'Cache read'), '0.2');
    await press('Service tier');
    await userEvent.type(field('Tier 1', 'Service tier'), 'flex');
    await userEvent.type(field('Tier 1', 'Output'), '2');
    await press('Further meter');
    await userEvent.click(field('Further price 1', 'What is counted'));
    await userEvent.click(await screen.findByRole('option', { name: 'Images out', hidden: true }));
    await userEvent.type(field('Further price 1', 'Per image'), '0.04');
    await userEvent.type(field('Further price 1', /^Size/), '1024x1024');
    await press('Modifier');
    await userEvent.type(field('Modifier 1', 'Name'), 'fast');
    await userEvent.type(field('Modifier 1', 'Factor'), '6');
    await press('Save the price');
    expect(await screen.findByText('Price of acme-large saved')).toBeInTheDocument();
    expect(changes(asked)[0]?.body).toMatchObject({
      input_usd_per_mtok: '1',
      bands: [{ above_tokens: 200_000, input_usd_per_mtok: '2', cache_read_usd_per_mtok: '0.2' }],
      rates: [
        { meter: 'output', tier: 'flex', usd_per_mtok: '2' },
        { meter: 'images_out', size: '1024x1024', usd_per_image: '0.04' },
      ],
      modifiers: { fast: '6' },
    });
  }, 20_000);

  it('says beside the field what is wrong, and sends nothing', async () => {
    const asked = gateway({});
    show(<PriceForm model="acme-large" onDone={vi.fn()} />);
    await userEvent.type(screen.getByLabelText('Input'), '1');
    await press('Large requests');
    await userEvent.type(field('Band 1', 'Input'), '0.000002');
    await press('Save the price');
    expect(field('Band 1', 'Above tokens')).toHaveAccessibleDescription('Above how many tokens?');
    expect(field('Band 1', 'Input')).toHaveAccessibleDescription('Too small for this unit; 0 means free');
    expect(changes(asked)).toHaveLength(0);
  });

  it('shows what requests come to while one types', async () => {
    gateway({});
    show(<PriceForm model="acme-large" start={{ input: '1.25', output: '10', cache_read: '', cache_write_5m: '', cache_write_1h: '' }} onDone={vi.fn()} />);
    expect(screen.getByRole('status', { name: 'This comes to' })).toHaveTextContent('10,000 tokens in, 1,000 out → $0.0225');
    await press('Large requests');
    await userEvent.type(field('Band 1', 'Above tokens'), '200000');
    await userEvent.type(field('Band 1', 'Input'), '2.5');
    expect(screen.getByRole('status', { name: 'This comes to' })).toHaveTextContent('400,000 tokens in, 1,000 out → $1.01');
  });

  it('begins with what the price in force has besides, says so, and lets go of it', async () => {
    const asked = gateway({ 'POST /billing/overrides': () => answer(201, SAVED) });
    show(<PriceForm model="acme-large" keep={CARD} start={{ input: '1', output: '', cache_read: '', cache_write_5m: '', cache_write_1h: '' }} onDone={vi.fn()} />);
    expect(screen.getByText(/^Taken over from the price/)).toBeInTheDocument();
    await press('More prices: 1 band, 1 further price, 1 modifier');
    expect(field('Band 1', 'Above tokens')).toHaveValue('200000');
    await press('Remove: Band 1');
    await press('Save the price');
    await screen.findByText('Price of acme-large saved');
    expect(changes(asked)[0]?.body).toMatchObject({ bands: [], rates: CARD.rates, modifiers: { fast: '6' } });
    await press('Remove all');
    await press('Save the price');
    expect(changes(asked).at(-1)?.body).toMatchObject({ bands: [], rates: [], modifiers: {} });
  });

  it('keeps the bands of a price that is changed, and shows the gateway’s objection where it belongs', async () => {
    const override = { ...CARD, id: 'o1', model: 'acme-large', upstream_id: null, price_version: 7, apply_multipliers: true } as unknown as Override;
    const asked = gateway({
      'PATCH /billing/overrides/o1': () =>
        answer(422, {
          type: 'urn:tollgate:problem:validation_failed',
          title: 'The request breaks a rule',
          status: 422,
          detail: '1 field is not acceptable',
          errors: [{ field: 'bands[0].above_tokens', message: '200000 is more than the model takes' }],
        }),
    });
    show(<PriceForm override={override} model="acme-large" onDone={vi.fn()} />);
    await press('Save the price');
    expect(await screen.findByLabelText('Above tokens')).toHaveAccessibleDescription('200000 is more than the model takes');
    expect(changes(asked)[0]?.body).toMatchObject({ bands: CARD.bands, rates: CARD.rates, modifiers: CARD.modifiers });
  });
});
