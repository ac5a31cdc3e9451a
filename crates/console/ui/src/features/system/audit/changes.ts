/** One field of a thing, before and after an edit; a field of a field goes by both names. */
export interface Change {
  field: string;
  before: unknown;
  after: unknown;
  kind: 'added' | 'removed' | 'changed' | 'same';
  /** Kept by the gateway itself, not set by anybody. */
  isBookkeeping: boolean;
}

type State = Record<string, unknown> | null | undefined;

const BOOKKEEPING = new Set(['id', 'revision', 'price_version', 'created_at', 'updated_at']);

/** Every field of either state, those that people changed first; lists are compared as a whole. */
export function changes(before: State, after: State): Change[] {
  const old = new Map(leaves(before));
  const now = new Map(leaves(after));
  const fields = [...new Set([...old.keys(), ...now.keys()])];
  const all = fields.map((field): Change => {
    const kind = !old.has(field) ? 'added' : !now.has(field) ? 'removed' : same(old.get(field), now.get(field)) ? 'same' : 'changed';
    return { field, before: old.get(field), after: now.get(field), kind, isBookkeeping: BOOKKEEPING.has(field) };
  });
  return all.sort((a, b) => weight(a) - weight(b) || a.field.localeCompare(b.field));
}

const weight = ({ kind, isBookkeeping }: Change) => (kind === 'same' ? 2 : isBookkeeping ? 1 : 0);

function leaves(value: State, path = ''): [string, unknown][] {
  return Object.entries(value ?? {}).flatMap(([name, member]) => {
    const field = path === '' ? name : `${path}.${name}`;
    const isTable = typeof member === 'object' && member !== null && !Array.isArray(member);
    return isTable && Object.keys(member).length > 0 ? leaves(member as State, field) : [[field, member] as [string, unknown]];
  });
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A value as lines to read: each member of a list is one. */
export function lines(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((member) => text(member));
  return [text(value)];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
