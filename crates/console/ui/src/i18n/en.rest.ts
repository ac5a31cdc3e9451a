import billing from './en/billing.json';
import keys from './en/keys.json';
import logs from './en/logs.json';
import prices from './en/prices.json';
import settings from './en/settings.json';
import system from './en/system.json';
import upstreams from './en/upstreams.json';

/** What the other pages need besides. */
export default { billing, keys, logs, prices, settings, system, upstreams };
