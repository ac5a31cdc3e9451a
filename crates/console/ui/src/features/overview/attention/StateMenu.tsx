import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell, IconDots, IconHandGrab, IconMoon, IconPencil, IconUserOff } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { useSession } from '@/api/session';
import { usePutAttention, type AttentionChange, type AttentionState } from '@/data/attention';
import { useNotify } from '@/shared/notify';

import { isSnoozed, SNOOZE_NAMES, snoozedUntil } from './snooze';

const StateDialog = lazy(() => import('./StateDialog'));

interface Props {
  state: AttentionState;
  /** What the item is called, for those who do not see where the menu stands. */
  name: string;
}

/** Who looks after an item, and until when it is left out of the queue. */
export function StateMenu({ state, name }: Props) {
  const { t } = useTranslation('overview');
  const notify = useNotify();
  const { who } = useSession();
  const put = usePutAttention();
  const [isEditing, { open, close }] = useDisclosure(false);
  const change = (next: AttentionChange['change'], done: string) =>
    put.mutate({ state, change: next }, { onSuccess: () => notify.done(done), onError: notify.failed });
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('handle', { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {who && state.owner !== who.name && (
            <Menu.Item
              leftSection={<IconHandGrab size={16} />}
              onClick={() => change({ owner: who.name }, t('taken'))}
            >
              {t('take')}
            </Menu.Item>
          )}
          {state.owner !== null && (
            <Menu.Item leftSection={<IconUserOff size={16} />} onClick={() => change({ owner: null }, t('released'))}>
              {t('release')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={open}>
            {t('assign')}
          </Menu.Item>
          <Menu.Divider />
          {SNOOZE_NAMES.map((length) => (
            <Menu.Item
              key={length}
              leftSection={<IconMoon size={16} />}
              onClick={() => change({ snoozed_until: snoozedUntil(length, Date.now()) }, t('snoozed'))}
            >
              {t(`snoozes.${length}`)}
            </Menu.Item>
          ))}
          {isSnoozed(state.snoozed_until, Date.now()) && (
            <Menu.Item leftSection={<IconBell size={16} />} onClick={() => change({ snoozed_until: null }, t('awake'))}>
              {t('wake')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {isEditing && (
        <Suspense fallback={null}>
          <StateDialog state={state} name={name} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
