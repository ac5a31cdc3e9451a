import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, taken, type Schemas } from '@/api/client';

import { changed, ROOTS } from './keys';

export type Job = Schemas['Job'];
export type JobRun = Schemas['JobRun'];

const WHILE_RUNNING = 1_000;
const OTHERWISE = 15_000;

/** What the gateway does in the background; read anew each second while one of them runs. */
export function useJobs() {
  return useQuery({
    queryKey: ROOTS.jobs,
    queryFn: () => taken(api.GET('/api/admin/system/jobs')),
    refetchInterval: ({ state }) =>
      state.data?.items.some((job) => job.state === 'running') ? WHILE_RUNNING : OTHERWISE,
  });
}

export type JobOrder = 'run' | 'pause' | 'resume';

/** Runs a job now, or stops its schedule and lets it go on. The answer is the job as it is then. */
export function useOrderJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, order }: { name: string; order: JobOrder }) => {
      const options = { params: { path: { name } } };
      switch (order) {
        case 'run':
          return taken(api.POST('/api/admin/system/jobs/{name}/run', options));
        case 'pause':
          return taken(api.POST('/api/admin/system/jobs/{name}/pause', options));
        case 'resume':
          return taken(api.POST('/api/admin/system/jobs/{name}/resume', options));
      }
    },
    onSettled: () => changed(queries, 'job'),
  });
}
