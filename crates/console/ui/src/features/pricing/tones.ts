import type { PriceRelease } from '@/data/releases';
import type { Tone } from '@/shared/Badge';

export const RELEASE_TONES: Record<PriceRelease['state'], Tone> = {
  running: 'info',
  success: 'good',
  unchanged: 'good',
  partial: 'warn',
  held: 'warn',
  failed: 'bad',
};
