import { screen, within } from '@testing-library/react';
import { beforeAll, expect, it } from 'vitest';

import { startTexts } from '@/i18n';
import { showAt } from '@/testing/show';

import { FirstSteps } from './FirstSteps';

beforeAll(() => startTexts('en'));

const step = (name: string) => within(screen.getByRole('listitem', { name }));

it('leads from an upstream to a key to a request, each to its form', async () => {
  await showAt('/', <FirstSteps hasUpstream={false} hasKey={false} />);
  expect(step('Add an upstream').getByRole('link')).toHaveAttribute('href', '/upstreams?new=yes');
  expect(step('Create a key').getByRole('link')).toHaveAttribute('href', '/keys?new=yes');
  expect(step('Send a request').getByText(/curl .*\/v1\/chat\/completions/)).toBeInTheDocument();
});

it('ticks off what is done', async () => {
  await showAt('/', <FirstSteps hasUpstream hasKey={false} />);
  expect(step('Add an upstream').getByLabelText('Done')).toBeInTheDocument();
  expect(step('Add an upstream').queryByRole('link')).not.toBeInTheDocument();
  expect(step('Create a key').queryByLabelText('Done')).not.toBeInTheDocument();
  expect(step('Create a key').getByRole('link')).toBeInTheDocument();
});
