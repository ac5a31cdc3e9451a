import { IconReceipt2, type Icon } from '@tabler/icons-react';

/** A page of the sidebar and of the search. */
export interface Place {
  name: 'billing';
  to: '/system/billing';
  icon: Icon;
}

/** In the order of the sidebar. A page is listed once it exists. */
export const PLACES: readonly Place[] = [{ name: 'billing', to: '/system/billing', icon: IconReceipt2 }];
