import {
  IconChartBar,
  IconKey,
  IconListDetails,
  IconReceipt2,
  IconServer2,
  IconServerCog,
  IconSettings,
  IconTags,
  type Icon,
} from '@tabler/icons-react';

/** A page of the sidebar and of the search. */
export interface Place {
  name: 'overview' | 'logs' | 'billing' | 'prices' | 'upstreams' | 'keys' | 'system' | 'settings';
  to: '/overview' | '/logs' | '/system/billing' | '/prices' | '/upstreams' | '/keys' | '/system' | '/settings';
  icon: Icon;
}

/** In the order of the sidebar. A page is listed once it exists. */
export const PLACES: readonly Place[] = [
  { name: 'overview', to: '/overview', icon: IconChartBar },
  { name: 'logs', to: '/logs', icon: IconListDetails },
  { name: 'billing', to: '/system/billing', icon: IconReceipt2 },
  { name: 'prices', to: '/prices', icon: IconTags },
  { name: 'upstreams', to: '/upstreams', icon: IconServer2 },
  { name: 'keys', to: '/keys', icon: IconKey },
  { name: 'system', to: '/system', icon: IconServerCog },
  { name: 'settings', to: '/settings', icon: IconSettings },
];
