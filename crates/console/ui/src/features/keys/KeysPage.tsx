import { IconKey, IconRefreshDot } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useApiKeyList, useApiKeys, useDeleteApiKey, type ApiKey } from '@/data/apiKeys';
import { ChoiceFilter } from '@/shared/ChoiceFilter';
import { Registry } from '@/shared/Registry';
import { oneOf, useFilters } from '@/shared/search';

import { useKeyColumns } from './columns';
import { CreatedKey } from './CreatedKey';
import { KeyDetails } from './KeyDetails';
import { KeyForm } from './KeyForm';
import { RotateDialog } from './RotateDialog';

const PAYERS = ['team', 'owner'] as const;
const STATES = ['on', 'off', 'expired'] as const;

/** Who may send requests. */
export function KeysPage() {
  const { t } = useTranslation('keys');
  const [search] = useFilters();
  const state = oneOf(STATES, search.state);
  const query = useApiKeyList({
    q: search.q,
    team: search.team,
    owner: search.owner,
    enabled: state === undefined || state === 'expired' ? undefined : state === 'on',
    expired: state === 'expired' ? true : undefined,
  });
  const [rotated, setRotated] = useState<ApiKey | null>(null);
  const [made, setMade] = useState<{ token: string; key: ApiKey } | null>(null);
  const { mutateAsync: remove } = useDeleteApiKey();
  return (
    <>
      <Registry
        of="keys"
        icon={IconKey}
        query={query}
        columns={useKeyColumns()}
        details={(row) => <KeyDetails apiKey={row} />}
        filters={<Filters />}
        filterNames={['team', 'owner', 'state']}
        actions={(row) => [
          {
            id: 'rotate',
            icon: IconRefreshDot,
            hint: t('rotate'),
            label: t('rotateTitle', { name: row.name }),
            onClick: () => setRotated(row),
          },
        ]}
        form={(row, close) => (
          <KeyForm
            apiKey={row}
            onDone={(created) => {
              close();
              setMade(created ?? null);
            }}
          />
        )}
        formSize="lg"
        remove={remove}
      />
      <RotateDialog
        apiKey={rotated}
        onClose={() => setRotated(null)}
        onRotated={(fresh) => {
          setRotated(null);
          setMade(fresh);
        }}
      />
      <CreatedKey made={made} onClose={() => setMade(null)} />
    </>
  );
}

function Filters() {
  const { t } = useTranslation('keys');
  const { data } = useApiKeys();
  const keys = (data?.pages ?? []).flatMap((page) => page.items);
  return (
    <>
      {PAYERS.map((field) => (
        <ChoiceFilter
          key={field}
          name={field}
          label={t(field)}
          data={[...new Set(keys.flatMap((key) => key[field] ?? []))].sort().map((value) => ({ value, label: value }))}
          searchable
        />
      ))}
      <ChoiceFilter name="state" label={t('status')} data={STATES.map((value) => ({ value, label: t(value) }))} />
    </>
  );
}
