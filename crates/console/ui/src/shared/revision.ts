/** A field that somebody else has changed while it stood in a form. */
export interface Change {
  field: string;
  /** When the form was opened. */
  before: unknown;
  /** What it says now. */
  theirs: unknown;
  /** What the form says. */
  mine: unknown;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** The fields in which `after` says something else than `before`: what a change has to name, and no more. */
export function changedFields<T extends object>(before: T, after: T): Partial<T> {
  const entries = Object.entries(after).filter(([field, value]) => !isSame(before[field as keyof T], value));
  return Object.fromEntries(entries) as Partial<T>;
}

/** What somebody else has changed since a form was opened, beside what the form says. */
export function conflictsOf<T extends object>(before: T, theirs: T, mine: T): Change[] {
  return Object.keys(changedFields(before, theirs)).map((field) => {
    const name = field as keyof T;
    return { field, before: before[name], theirs: theirs[name], mine: mine[name] };
  });
}

/** Whether a change meets one of the form's own. */
export function isContested({ before, theirs, mine }: Change): boolean {
  return !isSame(before, mine) && !isSame(theirs, mine);
}

/** A field's path as the API writes it (`models[0].model`) as forms write it (`models.0.model`). */
export function formErrors(fields: Record<string, string>): Record<string, string> {
  const entries = Object.entries(fields).map(([field, text]) => [field.replace(/\[(\d+)\]/g, '.$1'), text] as const);
  return Object.fromEntries(entries);
}
