import { Alert, Button, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconCalculator, IconClockPause, IconHistory, IconPencil, IconPlus, IconRestore } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useOverridesOf, type Override } from '@/data/overrides';
import type { Price } from '@/data/prices';
import { useUpstreams } from '@/data/upstreams';
import { PriceForm } from '@/features/pricing/PriceForm';
import { RateCardView } from '@/features/pricing/RateCardView';
import { textsOf } from '@/features/pricing/rates';
import { count } from '@/shared/format';
import { IfMay } from '@/shared/may';
import { Placeholder } from '@/shared/Placeholder';
import { useLocale } from '@/shared/preferences';

import { OverrideHistory } from './OverrideHistory';
import { RemoveRuleDialog } from './RemoveRuleDialog';
import { resettable } from './ResetDialog';

interface Props {
  price: Price;
  onReset: () => void;
}

/** What is being edited: the price everywhere, a new one for a single upstream, or one there is. */
type Editing = 'global' | 'upstream' | { overrideId: string } | null;

/** All a model's prices side by side: the one in force, the synced one, those of single upstreams. */
export function PriceDetails({ price, onReset }: Props) {
  const { t } = useTranslation(['prices', 'common']);
  const locale = useLocale();
  const upstreams = useUpstreams();
  const [editing, setEditing] = useState<Editing>(null);
  const [shownHistory, setShownHistory] = useState<string | null>(null);
  const [removing, setRemoving] = useState<Override | null>(null);
  const overrides = useOverridesOf(price.model, price.overrides.length > 0);
  const nameOf = (id: string) => upstreams.data?.items.find((upstream) => upstream.id === id)?.name ?? t('upstreamGone');
  const global = price.overrides.find((override) => override.upstream_id === null);
  const limits = [
    price.max_input_tokens === null ? null : t('maxInput', { tokens: count(price.max_input_tokens, locale) }),
    price.max_output_tokens === null ? null : t('maxOutput', { tokens: count(price.max_output_tokens, locale) }),
  ].filter(Boolean);

  const manage = (overrideId: string | null) => {
    if (!overrideId) return null;
    const whole = overrides.data?.items.find(({ id }) => id === overrideId);
    return (
      <>
        <IfMay needs="finance">
          <Button size="compact-xs" variant="light" onClick={() => setEditing({ overrideId })} leftSection={<IconPencil size={12} />}>
            {t('common:edit')}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={!whole}
            onClick={() => setRemoving(whole ?? null)}
            leftSection={<IconRestore size={12} />}
          >
            {t('removeOverride')}
          </Button>
        </IfMay>
        <Button
          size="compact-xs"
          variant="subtle"
          aria-expanded={shownHistory === overrideId}
          onClick={() => setShownHistory(shownHistory === overrideId ? null : overrideId)}
          leftSection={<IconHistory size={12} />}
        >
          {t('history')}
        </Button>
      </>
    );
  };

  return (
    <Stack gap="md" py="xs">
      {price.held && (
        <Alert color="yellow" icon={<IconClockPause size={18} />} title={t('heldTitle')}>
          <Group justify="space-between" gap="xs">
            <Text size="sm" className="break">
              {t(`holdReasons.${price.held.reason}`)}: <span lang="en">{price.held.detail}</span>
            </Text>
            <Button
              renderRoot={(props) => (
                <Link to="/prices" search={{ tab: 'releases', run: price.held?.release_id }} {...props} />
              )}
              size="xs"
              variant="default"
            >
              {t('decide')}
            </Button>
          </Group>
        </Alert>
      )}
      {editing ? (
        <Card padding="md">
          <Editor
            key={JSON.stringify(editing)}
            price={price}
            editing={editing}
            globalId={global?.override_id ?? null}
            onDone={() => setEditing(null)}
          />
        </Card>
      ) : (
        <Group gap="xs">
          <IfMay needs="finance">
            <Button size="xs" variant="light" leftSection={<IconPencil size={14} />} onClick={() => setEditing('global')}>
              {t(global ? 'editPrice' : 'overridePrice')}
            </Button>
            <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setEditing('upstream')}>
              {t('forOneUpstream')}
            </Button>
            {resettable(price).length > 0 && (
              <Button size="xs" variant="default" leftSection={<IconRestore size={14} />} onClick={onReset}>
                {t('resetPrice')}
              </Button>
            )}
          </IfMay>
          <Button
            renderRoot={(props) => <Link to="/prices" search={{ tab: 'simulator', model: price.model }} {...props} />}
            size="xs"
            variant="subtle"
            leftSection={<IconCalculator size={14} />}
          >
            {t('simulateModel')}
          </Button>
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {price.effective && (
          <RateCardView
            title={t('inForce')}
            card={price.effective}
            about={limits.join(' · ')}
            actions={manage(global?.override_id ?? null)}
          />
        )}
        {global && price.synced && <RateCardView title={t('officialPrice')} card={price.synced} />}
        {price.overrides.map(
          (override) =>
            override.upstream_id && (
              <RateCardView
                key={override.upstream_id}
                title={t('onUpstream', { upstream: nameOf(override.upstream_id) })}
                card={override.price}
                about={t('multipliedSaid', { is: t(`multipliedIs.${override.apply_multipliers ? 'yes' : 'no'}`) })}
                actions={manage(override.override_id)}
              />
            ),
        )}
      </SimpleGrid>
      {shownHistory && <OverrideHistory id={shownHistory} />}
      {!price.effective && (
        <Text size="sm" c="dimmed">
          {t('onlySomeUpstreams')}
        </Text>
      )}
      <RemoveRuleDialog rule={removing && { override: removing }} onClose={() => setRemoving(null)} />
    </Stack>
  );
}

interface EditorProps {
  price: Price;
  editing: Exclude<Editing, null>;
  /** The manual price for every upstream, if there is one. */
  globalId: string | null;
  onDone: () => void;
}

function Editor({ price, editing, globalId, onDone }: EditorProps) {
  const { t } = useTranslation('prices');
  const upstreams = useUpstreams();
  const id = editing === 'global' ? globalId : editing === 'upstream' ? null : editing.overrideId;
  const overrides = useOverridesOf(price.model, id !== null);
  if ((id !== null && overrides.isPending) || (editing === 'upstream' && upstreams.isPending)) return <Placeholder h={140} />;
  const taken = price.overrides.map((override) => override.upstream_id);
  const free = upstreams.data?.items.find((upstream) => !taken.includes(upstream.id));
  if (editing === 'upstream' && !free) return <Text size="sm">{t('everyUpstreamHasOne')}</Text>;
  return (
    <PriceForm
      model={price.model}
      start={textsOf(price.effective ?? price.synced)}
      keep={price.effective ?? undefined}
      upstreamId={editing === 'upstream' ? free?.id : undefined}
      override={overrides.data?.items.find((override) => override.id === id)}
      onDone={onDone}
      onCancel={onDone}
    />
  );
}
