/** The parts of the page, in the order of its tabs; an address names one as `tab`. */
export const SYSTEM_TABS = ['jobs', 'audit', 'journal', 'deferred', 'config', 'tokens', 'version'] as const;

export type SystemTab = (typeof SYSTEM_TABS)[number];
