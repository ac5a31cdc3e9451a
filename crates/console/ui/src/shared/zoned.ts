/** An instant as a browser's date and time field wants it (`2026-11-26T08:30`), in a time zone. */
export function inputOf(at: string | null | undefined, timeZone: string): string {
  const instant = at ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(instant)) return '';
  return new Date(instant + offset(instant, timeZone)).toISOString().slice(0, 16);
}

/** What stands in such a field as an instant; nothing where it is empty or no date. */
export function instantOf(text: string, timeZone: string): string | null {
  const wall = Date.parse(`${text}Z`);
  if (text === '' || Number.isNaN(wall)) return null;
  // The offset in force is that of the instant meant, which is known only roughly at first.
  const guess = wall - offset(wall, timeZone);
  return new Date(wall - offset(guess, timeZone)).toISOString();
}

/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offset(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}
