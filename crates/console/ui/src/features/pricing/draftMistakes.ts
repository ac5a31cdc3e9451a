import { multiplierMistake, RATE_NAMES, type RateTexts } from './rates';
import { PARTS, tokensOf, unitOf, type CardDraft } from './cardDraft';
import { priceMistake } from './meters';

export type DraftMistake =
  | 'notANumber'
  | 'tooSmall'
  | 'tooLarge'
  | 'aboveWanted'
  | 'aboveRange'
  | 'noRate'
  | 'twice'
  | 'wanted'
  | 'standardTier'
  | 'tooLong'
  | 'notAFactor'
  | 'zeroFactor'
  | 'tooMany';

const ABOVE_MOST = 100_000_000;
const NAME_MOST = 64;
/** How many rows of each part the gateway takes; tiers and further rates share theirs. */
const MOST = { bands: 20, rates: 200, modifiers: 50 } as const;

/** Names of the ordinary tier, and what other words for a tier come to. */
const STANDARD = ['default', 'standard', 'auto', 'on_demand', 'standard_only'];
const SAME: Record<string, string> = { fast: 'priority', batches: 'batch' };

/** A tier by the name the gateway knows it by; the ordinary one has none. */
function tierOf(text: string): string {
  const name = text.trim().toLowerCase();
  return STANDARD.includes(name) ? '' : (SAME[name] ?? name);
}

/** What is wrong with a draft beside these flat rates, by field of the form (`bands.0.above`). */
export function draftMistakes(draft: CardDraft, flat: RateTexts): Record<string, DraftMistake> {
  const mistakes: Record<string, DraftMistake> = {};
  const note = (place: string, mistake: DraftMistake | null) => {
    if (mistake !== null) mistakes[place] ??= mistake;
  };
  // What is priced already: meter, tier, band and size.
  const priced = new Set<string>();
  const isTwice = (...of: (string | number)[]) => {
    const key = of.join(' ');
    if (priced.has(key)) return true;
    priced.add(key);
    return false;
  };
  for (const name of RATE_NAMES) if (flat[name].trim() !== '') isTwice(name, '', '', '');

  const bands = new Set<number>();
  draft.bands.forEach((band, index) => {
    const place = `bands.${index}`;
    const above = tokensOf(band.above);
    note(`${place}.above`, aboveMistake(band.above, true));
    if (above !== null) {
      if (bands.has(above)) note(`${place}.above`, 'twice');
      bands.add(above);
    }
    note(`${place}.input`, hasRate(band) ? null : 'noRate');
    for (const name of RATE_NAMES) {
      note(`${place}.${name}`, priceMistake(band[name], 'mtok'));
      if (band[name].trim() !== '') isTwice(name, '', above ?? band.above, '');
    }
  });

  const tiers = new Set<string>();
  draft.tiers.forEach((row, index) => {
    const place = `tiers.${index}`;
    const tier = tierOf(row.tier);
    note(`${place}.tier`, nameMistake(row.tier, true));
    if (row.tier.trim() !== '' && tier === '') note(`${place}.tier`, 'standardTier');
    if (tiers.has(tier)) note(`${place}.tier`, 'twice');
    tiers.add(tier);
    note(`${place}.input`, hasRate(row) ? null : 'noRate');
    for (const name of RATE_NAMES) {
      note(`${place}.${name}`, priceMistake(row[name], 'mtok'));
      if (row[name].trim() !== '') isTwice(name, tier, '', '');
    }
  });

  draft.further.forEach((row, index) => {
    const place = `further.${index}`;
    note(`${place}.meter`, row.meter === '' ? 'wanted' : null);
    note(`${place}.tier`, nameMistake(row.tier, false));
    note(`${place}.size`, nameMistake(row.size, false));
    note(`${place}.above`, aboveMistake(row.above, false));
    note(`${place}.price`, row.price.trim() === '' ? 'wanted' : priceMistake(row.price, unitOf(row.meter)));
    if (row.meter !== '' && isTwice(row.meter, tierOf(row.tier), tokensOf(row.above) ?? row.above, row.size.trim())) {
      note(`${place}.meter`, 'twice');
    }
  });

  const names = new Set<string>();
  draft.modifiers.forEach((row, index) => {
    const place = `modifiers.${index}`;
    note(`${place}.name`, nameMistake(row.name, true));
    if (names.has(row.name.trim())) note(`${place}.name`, 'twice');
    names.add(row.name.trim());
    const wrong = multiplierMistake(row.factor, false);
    note(`${place}.factor`, wrong === null ? null : wrong === 'zero' ? 'zeroFactor' : 'notAFactor');
  });

  for (const part of PARTS) {
    const last = draft[part].length - 1;
    const most = part === 'bands' ? MOST.bands : part === 'modifiers' ? MOST.modifiers : MOST.rates;
    const field = { bands: 'above', tiers: 'tier', further: 'meter', modifiers: 'name' }[part];
    if (last >= most) note(`${part}.${last}.${field}`, 'tooMany');
  }
  return mistakes;
}

/** Whether a field belongs to a draft. */
export function isOfDraft(place: string): boolean {
  return PARTS.some((part) => place.startsWith(`${part}.`));
}

function hasRate(texts: RateTexts): boolean {
  return RATE_NAMES.some((name) => texts[name].trim() !== '');
}

function aboveMistake(text: string, isWanted: boolean): DraftMistake | null {
  if (text.trim() === '') return isWanted ? 'aboveWanted' : null;
  const value = tokensOf(text);
  return value === null || value < 1 || value > ABOVE_MOST ? 'aboveRange' : null;
}

function nameMistake(text: string, isWanted: boolean): DraftMistake | null {
  if (text.trim() === '') return isWanted ? 'wanted' : null;
  return Array.from(text.trim()).length > NAME_MOST ? 'tooLong' : null;
}
