import { useConfirm } from './confirm';
import { useNotify } from './notify';

interface Words {
  title: string;
  text: string;
  action: string;
  done: string;
}

/** Asks, deletes, and says what came of it. */
export function useDeletion<T>(remove: (thing: T) => Promise<unknown>, wordsOf: (thing: T) => Words): (thing: T) => void {
  const confirm = useConfirm();
  const notify = useNotify();
  return (thing) => {
    const { done, ...question } = wordsOf(thing);
    const onConfirm = () => {
      remove(thing).then(
        () => notify.done(done),
        (reason: unknown) => notify.failed(reason),
      );
    };
    confirm({ ...question, isDangerous: true, onConfirm });
  };
}
