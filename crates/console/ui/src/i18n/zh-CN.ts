import common from './zh-CN/common.json';
import domain from './zh-CN/domain.json';
import overview from './zh-CN/overview.json';
import problems from './zh-CN/problems.json';
import shell from './zh-CN/shell.json';

/** What the first view needs: sign-in, the frame, the overview. */
export default { common, domain, overview, problems, shell };
