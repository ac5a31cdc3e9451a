import { useQuery } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';

import { ROOTS } from './keys';

export type Setting = Schemas['Setting'];
export type Version = Schemas['SystemVersion'];

/** What takes effect while a process runs. */
const FOR_LONG = 60_000;

/** The configuration that takes effect, each value with its source. */
export function useConfig() {
  return useQuery({
    queryKey: ROOTS.config,
    queryFn: () => taken(api.GET('/api/admin/system/config')),
    staleTime: FOR_LONG,
  });
}

/** What runs, and on what. */
export function useVersion() {
  return useQuery({ queryKey: ROOTS.version, queryFn: () => taken(api.GET('/api/admin/system/version')) });
}
