import { Code, Group, Stack, Tabs } from '@mantine/core';

import { Copy } from '@/shared/Copy';
import scroll from '@/shared/ScrollTabs.module.css';

import { modelFor, SDKS, snippet } from './snippets';

interface Props {
  token: string;
  /** What the key may use, where that is limited. */
  models: readonly string[] | null;
}

/** What to paste into a client, for each SDK. */
export function Snippets({ token, models }: Props) {
  return (
    <Tabs defaultValue={SDKS[0].id} keepMounted={false}>
      <Tabs.List className={scroll.tabs}>
        {SDKS.map(({ id, name }) => (
          <Tabs.Tab key={id} value={id}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {SDKS.map(({ id, name }) => {
        const code = snippet(id, window.location.origin, token, modelFor(id, models));
        return (
          <Tabs.Panel key={id} value={id} pt="sm">
            <Stack gap="xs">
              <Code block tabIndex={0} aria-label={name}>
                {code}
              </Code>
              <Group justify="flex-end">
                <Copy text={code} />
              </Group>
            </Stack>
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}
