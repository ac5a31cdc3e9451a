import { IconPlugConnected, IconServer2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useDeleteUpstream, useUpstreamList, useUpstreams, type Upstream } from '@/data/upstreams';
import { ChoiceFilter } from '@/shared/ChoiceFilter';
import { Registry } from '@/shared/Registry';
import { oneOf, useFilters } from '@/shared/search';

import { useUpstreamColumns } from './columns';
import { TestDialog } from './TestDialog';
import { UpstreamDetails } from './UpstreamDetails';
import { UpstreamForm } from './UpstreamForm';

const STATES = ['on', 'off'] as const;

/** Where requests go. */
export function UpstreamsPage() {
  const { t } = useTranslation('upstreams');
  const [search] = useFilters();
  const state = oneOf(STATES, search.state);
  const query = useUpstreamList({
    q: search.q,
    provider: search.provider,
    enabled: state && state === 'on',
  });
  const [tested, setTested] = useState<Upstream | null>(null);
  const { mutateAsync: remove } = useDeleteUpstream();
  return (
    <>
      <Registry
        of="upstreams"
        icon={IconServer2}
        query={query}
        columns={useUpstreamColumns()}
        details={(row) => <UpstreamDetails upstream={row} />}
        filters={<Filters />}
        filterNames={['provider', 'state']}
        actions={(row) => [
          {
            id: 'test',
            icon: IconPlugConnected,
            hint: t('test'),
            label: t('testTitle', { name: row.name }),
            onClick: () => setTested(row),
          },
        ]}
        form={(row, close) => <UpstreamForm upstream={row} onDone={close} />}
        formSize="xl"
        remove={remove}
      />
      <TestDialog upstream={tested} onClose={() => setTested(null)} />
    </>
  );
}

function Filters() {
  const { t } = useTranslation('upstreams');
  const { data } = useUpstreams();
  const providers = [...new Set((data?.items ?? []).map(({ provider }) => provider))].sort();
  return (
    <>
      <ChoiceFilter name="provider" label={t('provider')} data={providers.map((value) => ({ value, label: value }))} />
      <ChoiceFilter name="state" label={t('status')} data={STATES.map((value) => ({ value, label: t(value) }))} />
    </>
  );
}
