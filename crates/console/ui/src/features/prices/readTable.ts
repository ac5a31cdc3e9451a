import type { TableFormat } from '@/data/ruleTables';

/** The largest table the gateway reads. */
export const MOST_BYTES = 1_048_576;

export interface Table {
  format: TableFormat;
  text: string;
}

/** The text of a chosen file, and which kind of table it is: by its name, else by how it begins. */
export async function readTable(file: File): Promise<Table> {
  const text = await textOf(file);
  const name = file.name.toLowerCase();
  const isJson = name.endsWith('.json') || (!name.endsWith('.csv') && text.trimStart().startsWith('{'));
  return { format: isJson ? 'json' : 'csv', text };
}

function textOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(reader.error ?? new Error('the file cannot be read'));
    reader.readAsText(file);
  });
}
