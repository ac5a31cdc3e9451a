import type { Locale } from './format';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A length of time in words, in at most its two largest units: "2 days 4 hours". */
export function span(seconds: number, { language }: Locale): string {
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [unit, size] of UNITS) {
    const many = Math.floor(rest / size);
    if (many === 0) {
      // Two units that are not neighbours would look more exact than they are.
      if (parts.length > 0) break;
      continue;
    }
    rest -= many * size;
    parts.push(new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(many));
    if (parts.length === 2) break;
  }
  if (parts.length === 0) return new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(0);
  return parts.join(language.startsWith('zh') ? '' : ' ');
}
