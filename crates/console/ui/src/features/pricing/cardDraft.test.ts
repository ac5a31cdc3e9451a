import { describe, expect, it } from 'vitest';

import { bodyOf, draftOf, newBand, newFurther, newModifier, newTier, NO_DRAFT, placeOf, type CardDraft } from './cardDraft';
import type { CardLike } from './cardLines';
import { draftMistakes } from './draftMistakes';
import { cardExamples } from './examples';
import { METER_UNITS, priceMistake } from './meters';
import { NO_RATES } from './rates';

const FLAT = { ...NO_RATES, input: '1.25', output: '10' };

const CARD: CardLike = {
  input_usd_per_mtok: '1.25',
  output_usd_per_mtok: '10',
  cache_read_usd_per_mtok: null,
  cache_write_5m_usd_per_mtok: null,
  cache_write_1h_usd_per_mtok: null,
  bands: [{ above_tokens: 200_000, input_usd_per_mtok: '2.5', output_usd_per_mtok: '15' }],
  rates: [
    { meter: 'input', tier: 'flex', usd_per_mtok: '0.6' },
    { meter: 'output', tier: 'flex', usd_per_mtok: '5' },
    { meter: 'input', tier: 'priority', above_tokens: 200_000, usd_per_mtok: '5' },
    { meter: 'images_out', size: '1024x1024', usd_per_image: '0.04' },
    { meter: 'web_search', usd_per_call: '0.01' },
  ],
  modifiers: { fast: '6' },
};

const draft = (change: Partial<CardDraft>): CardDraft => ({ ...NO_DRAFT, ...change });

describe('a card in a form', () => {
  it('goes out as it came in', () => {
    const { bands, rates, modifiers } = CARD;
    expect(bodyOf(draftOf(CARD))).toEqual({ bands, rates, modifiers });
  });

  it('has a row for each tier, and what a tier’s row cannot hold stands further below', () => {
    const { tiers, further } = draftOf(CARD);
    expect(tiers).toMatchObject([{ tier: 'flex', input: '0.6', output: '5', cache_read: '' }]);
    expect(further).toMatchObject([
      { meter: 'input', tier: 'priority', above: '200000', price: '5' },
      { meter: 'images_out', size: '1024x1024', price: '0.04' },
      { meter: 'web_search', price: '0.01' },
    ]);
  });

  it('finds the field that the gateway names', () => {
    const there = draftOf(CARD);
    expect(placeOf('bands[0].above_tokens', there)).toBe('bands.0.above');
    expect(placeOf('bands[0].output_usd_per_mtok', there)).toBe('bands.0.output');
    expect(placeOf('rates[1].usd_per_mtok', there)).toBe('tiers.0.output');
    expect(placeOf('rates[2].above_tokens', there)).toBe('further.0.above');
    expect(placeOf('rates[3].usd_per_image', there)).toBe('further.1.price');
    expect(placeOf('rates[4]', there)).toBe('further.2.price');
    expect(placeOf('modifiers.fast', there)).toBe('modifiers.0.factor');
    expect(placeOf('note', there)).toBeNull();
  });
});

describe('mistakes of a draft', () => {
  const mistakes = (change: Partial<CardDraft>) => draftMistakes(draft(change), FLAT);

  it('are none where a card is sound', () => {
    expect(draftMistakes(draftOf(CARD), FLAT)).toEqual({});
  });

  it.each([
    ['a band without a limit', { bands: [{ ...newBand(), input: '2' }] }, { 'bands.0.above': 'aboveWanted' }],
    ['a band from zero', { bands: [{ ...newBand(), above: '0', input: '2' }] }, { 'bands.0.above': 'aboveRange' }],
    ['a band beyond all', { bands: [{ ...newBand(), above: '100,000,001', input: '2' }] }, { 'bands.0.above': 'aboveRange' }],
    ['a band without a rate', { bands: [{ ...newBand(), above: '200,000' }] }, { 'bands.0.input': 'noRate' }],
    [
      'the same band twice',
      { bands: [{ ...newBand(), above: '200,000', input: '2' }, { ...newBand(), above: '200000', output: '2' }] },
      { 'bands.1.above': 'twice' },
    ],
    ['a rate per token', { bands: [{ ...newBand(), above: '1', input: '0.000002' }] }, { 'bands.0.input': 'tooSmall' }],
    ['a tier without a name', { tiers: [{ ...newTier(), input: '2' }] }, { 'tiers.0.tier': 'wanted' }],
    ['the ordinary tier', { tiers: [{ ...newTier('default'), input: '2' }] }, { 'tiers.0.tier': 'standardTier' }],
    [
      'one tier under two words',
      { tiers: [{ ...newTier('priority'), input: '2' }, { ...newTier('Fast'), output: '2' }] },
      { 'tiers.1.tier': 'twice' },
    ],
    ['a name that is too long', { tiers: [{ ...newTier('x'.repeat(65)), input: '2' }] }, { 'tiers.0.tier': 'tooLong' }],
    ['a meter that is not chosen', { further: [{ ...newFurther(), price: '1' }] }, { 'further.0.meter': 'wanted' }],
    ['a price that is missing', { further: [{ ...newFurther(), meter: 'pages' }] }, { 'further.0.price': 'wanted' }],
    ['what is priced above', { further: [{ ...newFurther(), meter: 'input', price: '1' }] }, { 'further.0.meter': 'twice' }],
    [
      'an image at the price of a million',
      { further: [{ ...newFurther(), meter: 'images_out', price: '40000' }] },
      { 'further.0.price': 'tooLarge' },
    ],
    ['a factor of zero', { modifiers: [{ ...newModifier(), name: 'fast', factor: '0' }] }, { 'modifiers.0.factor': 'zeroFactor' }],
    ['a factor that is a word', { modifiers: [{ ...newModifier(), name: 'fast', factor: 'six' }] }, { 'modifiers.0.factor': 'notAFactor' }],
    ['more bands than are allowed', { bands: Array.from({ length: 21 }, (_, at) => ({ ...newBand(), above: String(at + 1), input: '2' })) }, { 'bands.20.above': 'tooMany' }],
  ] as const)('name %s', (_name, change, expected) => {
    expect(mistakes(change as unknown as Partial<CardDraft>)).toEqual(expected);
  });

  it('know the bounds of each unit', () => {
    expect(priceMistake('0.0000000001', METER_UNITS.pixels_out)).toBeNull();
    expect(priceMistake('0.0001', METER_UNITS.pixels_out)).toBe('tooLarge');
    expect(priceMistake('0', METER_UNITS.images_out)).toBeNull();
    expect(priceMistake('0.0000001', METER_UNITS.images_out)).toBe('tooSmall');
  });
});

describe('what a price comes to', () => {
  it('is shown of an ordinary request, in each band and of each tier', () => {
    const examples = cardExamples(FLAT, draftOf(CARD));
    expect(examples).toEqual([
      { input: 10_000, output: 1_000, tier: null, cost: '0.0225' },
      { input: 400_000, output: 1_000, tier: null, cost: '1.015' },
      { input: 10_000, output: 1_000, tier: 'flex', cost: '0.011' },
    ]);
  });

  it('keeps the flat rate where a band names none', () => {
    const [, large] = cardExamples(FLAT, draft({ bands: [{ ...newBand(), above: '100000', input: '2' }] }));
    expect(large).toMatchObject({ input: 200_000, cost: '0.41' });
  });

  it('is not shown where a rate is missing: unknown is not zero', () => {
    expect(cardExamples({ ...NO_RATES, input: '1' }, NO_DRAFT)).toEqual([]);
  });
});
