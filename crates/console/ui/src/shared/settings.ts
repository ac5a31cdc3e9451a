import type { Setting } from '@/data/system';

/** The variable that sets it. The database has a name of its own, which everybody knows. */
export function variableOf({ key }: Pick<Setting, 'key'>): string {
  return key === 'database_url' ? 'DATABASE_URL' : `TOLLGATE_${key.replaceAll('.', '__').toUpperCase()}`;
}

/** A value as the configuration file has it. */
export function valueText({ value }: Pick<Setting, 'value'>): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether every word of a search is somewhere in the key, the value or where it is from. */
export function matches(setting: Setting, search: string): boolean {
  const text = `${setting.key} ${variableOf(setting)} ${valueText(setting)} ${setting.origin ?? ''}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
