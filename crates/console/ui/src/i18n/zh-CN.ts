import billing from './zh-CN/billing.json';
import common from './zh-CN/common.json';
import domain from './zh-CN/domain.json';
import keys from './zh-CN/keys.json';
import logs from './zh-CN/logs.json';
import overview from './zh-CN/overview.json';
import prices from './zh-CN/prices.json';
import problems from './zh-CN/problems.json';
import settings from './zh-CN/settings.json';
import shell from './zh-CN/shell.json';
import system from './zh-CN/system.json';
import upstreams from './zh-CN/upstreams.json';

export default { billing, common, domain, keys, logs, overview, prices, problems, settings, shell, system, upstreams };
