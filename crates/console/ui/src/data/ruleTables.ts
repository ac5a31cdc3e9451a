import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';

import { changed } from './keys';

/** The price rules that are exported and imported as a table. */
export type RuleKind = 'overrides' | 'aliases';
export type TableFormat = 'csv' | 'json';
export type RuleImport = Schemas['RuleImport'];

/** Where a table is downloaded from; the session's cookie is what lets one in. */
export function exportPath(kind: RuleKind, format: TableFormat): string {
  return `/api/admin/billing/${kind}/export?format=${format}`;
}

export interface ImportRequest {
  kind: RuleKind;
  format: TableFormat;
  /** The table as it stands in the file. */
  text: string;
  /** Whether only to say what would be done. */
  isDryRun: boolean;
  confirm: boolean;
}

/** Reads a table: what would be done, or for good. */
export function useImportRules() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, format, text, isDryRun, confirm }: ImportRequest) => {
      const options = {
        params: { query: { dry_run: isDryRun, confirm } },
        headers: { 'content-type': format === 'csv' ? 'text/csv' : 'application/json' },
        // The file goes out byte for byte: the gateway tells what is wrong with it, by line.
        body: text as never,
        bodySerializer: (body: unknown) => body as string,
      };
      return taken(
        kind === 'aliases'
          ? api.POST('/api/admin/billing/aliases/import', options)
          : api.POST('/api/admin/billing/overrides/import', options),
      );
    },
    onSuccess: (_answer, { kind, isDryRun }) =>
      isDryRun ? undefined : changed(queries, kind === 'aliases' ? 'alias' : 'override'),
  });
}
