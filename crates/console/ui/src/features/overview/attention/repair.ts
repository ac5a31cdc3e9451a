import type { AttentionItem } from '@/data/attention';
import type { Search } from '@/shared/search';

/** How a thing is mended: in a dialog here, or on the page that shows what there is to decide. */
export type Repair =
  | { way: 'alias'; alias: string; target: string }
  | { way: 'price'; model: string }
  | { way: 'bill_by_sent'; upstreamId: string }
  | { way: 'page'; label: 'decide' | 'multipliers' | 'entries' | 'requests'; to: '/prices' | '/system/billing' | '/logs'; search: Search };

/** What the gateway says repairs it, as something the console can do; nothing where nothing can be done. */
export function repairOf(item: AttentionItem): Repair | null {
  const { action } = item;
  const body = (action?.body ?? {}) as Record<string, unknown>;
  switch (action?.operation) {
    case 'create_alias':
      return isText(body.alias) && isText(body.target) ? { way: 'alias', alias: body.alias, target: body.target } : null;
    case 'create_override':
      return isText(body.model) ? { way: 'price', model: body.model } : null;
    case 'update_upstream':
      return item.upstream_id ? { way: 'bill_by_sent', upstreamId: item.upstream_id } : null;
    case 'put_upstream_multipliers': {
      const search = item.upstream_id ? { multipliers: item.upstream_id } : {};
      return { way: 'page', label: 'multipliers', to: '/system/billing', search };
    }
    case 'accept_price_release': {
      const search = { tab: 'releases', ...(item.release_id ? { run: item.release_id } : {}) };
      return { way: 'page', label: 'decide', to: '/prices', search };
    }
    case 'list_recent_entries':
      return { way: 'page', label: 'entries', to: '/system/billing', search: entriesOf(action.path) };
    default:
      return requestsOf(item);
  }
}

/** The requests of an item without an action: to be looked at, where the log has them. */
function requestsOf(item: AttentionItem): Repair | null {
  const model = item.model_served ?? item.model_sent;
  if (!model && !item.upstream_id) return null;
  const search = { ...(model ? { model } : {}), ...(item.upstream_id ? { upstream: item.upstream_id } : {}) };
  return { way: 'page', label: 'requests', to: '/logs', search };
}

/** The filters of `GET …/recent`, by the names the billing page has for them. */
function entriesOf(path: string): Search {
  const given = new URLSearchParams(path.split('?')[1] ?? '');
  const names = { billing_status: 'status', reason: 'reason', upstream_id: 'upstream', model: 'model' } as const;
  const entries = Object.entries(names).flatMap(([theirs, ours]) => {
    const value = given.get(theirs);
    return value ? [[ours, value] as const] : [];
  });
  return { ...Object.fromEntries(entries), view: 'entries' };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
