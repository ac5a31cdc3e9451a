import common from './en/common.json';
import domain from './en/domain.json';
import overview from './en/overview.json';
import problems from './en/problems.json';
import shell from './en/shell.json';

/** What the first view needs: sign-in, the frame, the overview. */
export default { common, domain, overview, problems, shell };
