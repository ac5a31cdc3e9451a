const COLOURS = ['#0b8a72', '#3d7dd8', '#d9822b', '#8e5bd0', '#c2417c', '#5b8c2a'] as const;
const OTHER = '#8a9494';

/** A member's colour by its place; all others together are grey. Readable on light and on dark. */
export function colourOf(index: number, isOther: boolean): string {
  return isOther ? OTHER : (COLOURS[index % COLOURS.length] ?? OTHER);
}
