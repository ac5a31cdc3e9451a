import { Box, Group, Text } from '@mantine/core';
import { IconMoon, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { AttentionItem } from '@/data/attention';
import { AmountRange } from '@/shared/AmountRange';
import { Badge } from '@/shared/Badge';
import { count } from '@/shared/format';
import { IfMay } from '@/shared/may';
import { useLocale } from '@/shared/preferences';
import { When } from '@/shared/When';

import classes from './Item.module.css';
import { KIND_TONES } from './kinds';
import { RepairButton } from './RepairButton';
import { isSnoozed } from './snooze';
import { StateMenu } from './StateMenu';

/** One thing that wants attention: what, how much money, whose it is, and what to do. */
export function Item({ item }: { item: AttentionItem }) {
  const { t } = useTranslation(['overview', 'domain']);
  const locale = useLocale();
  const name = useItemName(item);
  const { state } = item;
  return (
    <li className={classes.item} data-tone={KIND_TONES[item.kind]} aria-label={name}>
      <div className={classes.what}>
        <Group gap={8}>
          <Badge tone={KIND_TONES[item.kind]}>{t(`kinds.${item.kind}`)}</Badge>
          <Text size="sm" fw={600} className="break">
            {name}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" mt={3}>
          {t(`what.${item.kind}`, { count: item.count, amount: count(item.count, locale) })} · <When at={item.last_seen} relative />
        </Text>
        {(state.owner !== null || state.note !== null || isSnoozed(state.snoozed_until, Date.now())) && (
          <Group gap="md" mt={4}>
            {state.owner !== null && (
              <Text size="xs" className="break">
                <IconUser size={13} aria-hidden /> {t('ownedBy', { owner: state.owner })}
              </Text>
            )}
            {state.snoozed_until !== null && isSnoozed(state.snoozed_until, Date.now()) && (
              <Text size="xs" component="div">
                <IconMoon size={13} aria-hidden /> {t('snoozedUntil')} <When at={state.snoozed_until} />
              </Text>
            )}
            {state.note !== null && (
              <Text size="xs" c="dimmed" className="break">
                {state.note}
              </Text>
            )}
          </Group>
        )}
      </div>
      <Box className={classes.stake}>
        <Text size="sm" fw={650} component="div" className="tabular">
          <AmountRange of={item.at_stake} />
        </Text>
        <Text size="xs" c="dimmed">
          {item.at_stake.basis ? t(`domain:estimateBasis.${item.at_stake.basis}`) : t('atStake')}
        </Text>
      </Box>
      <div className={classes.actions}>
        <RepairButton item={item} />
        <IfMay needs="finance">
          <StateMenu state={state} name={name} />
        </IfMay>
      </div>
    </li>
  );
}

/** What it is about, in the words of the logs. */
function useItemName(item: AttentionItem): string {
  const { t } = useTranslation('overview');
  const models =
    item.kind === 'served_not_sent'
      ? [item.model_sent, item.model_served].filter(Boolean).join(' → ')
      : (item.model_served ?? item.model_sent);
  const named = [models, item.upstream ?? item.provider].filter(Boolean).join(' · ');
  if (named) return named;
  return t(`unnamed.${item.kind === 'held_price' || item.kind === 'gap' ? item.kind : 'model'}`);
}
