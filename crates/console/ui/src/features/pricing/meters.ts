import type { Schemas } from '@/api/client';
import { compare, isZero, parseDecimal } from '@/shared/decimal';

export type Meter = Schemas['Meter'];
/** What a price is for one of, or for a million of: the ending of the API's field. */
export type Unit = 'mtok' | 'call' | 'character' | 'image' | 'page' | 'pixel' | 'second';

export const UNITS = ['mtok', 'image', 'second', 'character', 'page', 'pixel', 'call'] as const satisfies readonly Unit[];

/** What each meter counts. A meter the API has and this list lacks fails the type check. */
export const METER_UNITS: Record<Meter, Unit> = {
  input: 'mtok',
  output: 'mtok',
  cache_read: 'mtok',
  explicit_cache_read: 'mtok',
  cache_write_5m: 'mtok',
  cache_write_1h: 'mtok',
  reasoning: 'mtok',
  audio_input: 'mtok',
  audio_output: 'mtok',
  audio_cache_read: 'mtok',
  audio_cache_write: 'mtok',
  image_input: 'mtok',
  image_output: 'mtok',
  image_cache_read: 'mtok',
  video_input: 'mtok',
  video_output: 'mtok',
  citation: 'mtok',
  images_in: 'image',
  images_out: 'image',
  seconds_in: 'second',
  seconds_out: 'second',
  video_seconds_in: 'second',
  characters_in: 'character',
  characters_out: 'character',
  pages: 'page',
  annotation_pages: 'page',
  pixels_in: 'pixel',
  pixels_out: 'pixel',
  web_search_low: 'call',
  web_search: 'call',
  web_search_high: 'call',
  grounding_queries: 'call',
  maps_grounding: 'call',
  file_searches: 'call',
  code_interpreter: 'call',
  queries: 'call',
  requests: 'call',
  text_messages: 'call',
  credits: 'call',
  guardrail_content: 'call',
  guardrail_content_image: 'call',
  guardrail_topic: 'call',
  guardrail_word: 'call',
  guardrail_sensitive: 'call',
  guardrail_sensitive_free: 'call',
  guardrail_grounding: 'call',
  guardrail_reasoning: 'call',
};

export const METERS = Object.keys(METER_UNITS) as Meter[];

/** The least price that is not zero and the largest one; the bounds are the gateway's. */
export const PRICE_BOUNDS: Record<Unit, readonly [least: string, most: string]> = {
  mtok: ['0.0001', '10000'],
  image: ['0.000001', '100'],
  pixel: ['0.0000000001', '0.00001'],
  second: ['0.0000001', '100'],
  character: ['0.000000001', '0.01'],
  page: ['0.000001', '100'],
  call: ['0.0000001', '1000'],
};

export type PriceMistake = 'notANumber' | 'tooSmall' | 'tooLarge';

/** What is wrong with a typed price of a unit; nothing with an empty one, nor with zero, which means free. */
export function priceMistake(text: string, unit: Unit): PriceMistake | null {
  if (text.trim() === '') return null;
  const value = parseDecimal(text);
  if (value === null || value.startsWith('-')) return 'notANumber';
  if (isZero(value)) return null;
  const [least, most] = PRICE_BOUNDS[unit];
  if (compare(value, least) < 0) return 'tooSmall';
  return compare(value, most) > 0 ? 'tooLarge' : null;
}
