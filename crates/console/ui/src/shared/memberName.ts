import { useTranslation } from 'react-i18next';

/** The key that test calls sent from the console stand under; it is in no list of keys. */
export const CONSOLE_KEY = '00000000-0000-7000-8000-c0de7e57ca11';

/** Digits that tell one id from another. */
const TOLD_APART = 6;

interface Member {
  /** An upstream's or key's id, a team, a model; empty for none. */
  id: string | null | undefined;
  /** Its name, or the last one it had. */
  name: string | null | undefined;
  isDeleted?: boolean;
}

/**
 * The name of whom an amount or a request belongs to: never a bare id. What is deleted keeps its last name and says that
 * it is gone; where even that is not known, the end of its id tells it apart.
 */
export function useMemberName(): (member: Member) => string {
  const { t } = useTranslation();
  return ({ id, name, isDeleted = false }) => {
    if (id === CONSOLE_KEY) return t('testCalls');
    if (name) return isDeleted ? t('goneNamed', { name }) : name;
    if (!id) return t('noMember');
    return isId(id) ? t('goneId', { id: shortId(id) }) : id;
  };
}

/** The end of an id, which tells it from others; any other text as it is. */
export function shortId(text: string): string {
  return isId(text) ? `…${text.slice(-TOLD_APART)}` : text;
}

export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
