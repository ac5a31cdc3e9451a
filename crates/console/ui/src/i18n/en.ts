import billing from './en/billing.json';
import common from './en/common.json';
import domain from './en/domain.json';
import keys from './en/keys.json';
import logs from './en/logs.json';
import overview from './en/overview.json';
import prices from './en/prices.json';
import problems from './en/problems.json';
import settings from './en/settings.json';
import shell from './en/shell.json';
import system from './en/system.json';
import upstreams from './en/upstreams.json';

export default { billing, common, domain, keys, logs, overview, prices, problems, settings, shell, system, upstreams };
