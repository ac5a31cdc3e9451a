import { IconKey, IconReceipt2, IconServer2, IconTags, type Icon } from '@tabler/icons-react';

/** A page of the sidebar and of the search. */
export interface Place {
  name: 'billing' | 'prices' | 'upstreams' | 'keys';
  to: '/system/billing' | '/prices' | '/upstreams' | '/keys';
  icon: Icon;
}

/** In the order of the sidebar. A page is listed once it exists. */
export const PLACES: readonly Place[] = [
  { name: 'billing', to: '/system/billing', icon: IconReceipt2 },
  { name: 'prices', to: '/prices', icon: IconTags },
  { name: 'upstreams', to: '/upstreams', icon: IconServer2 },
  { name: 'keys', to: '/keys', icon: IconKey },
];
