import billing from './zh-CN/billing.json';
import keys from './zh-CN/keys.json';
import logs from './zh-CN/logs.json';
import prices from './zh-CN/prices.json';
import settings from './zh-CN/settings.json';
import system from './zh-CN/system.json';
import upstreams from './zh-CN/upstreams.json';

/** What the other pages need besides. */
export default { billing, keys, logs, prices, settings, system, upstreams };
