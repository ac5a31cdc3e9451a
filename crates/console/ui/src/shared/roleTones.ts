import type { Schemas } from '@/api/client';

import type { Tone } from './Badge';

/** A role has one colour wherever it is named. */
export const ROLE_TONES: Record<Schemas['AdminToken']['role'], Tone> = { admin: 'warn', finance: 'info', viewer: 'neutral' };
