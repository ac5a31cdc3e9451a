import { startTransition, useEffect, useRef, useState, type RefObject } from 'react';

/** How far outside the window something is drawn already, so that scrolling finds it there. */
const MARGIN = '400px 0px';

type Told = (isNear: boolean, height: number) => void;

const told = new WeakMap<Element, Told>();
let observer: IntersectionObserver | null = null;

/** One observer for all: it tells of many at once. */
function watch(element: Element, tell: Told): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) told.get(entry.target)?.(entry.isIntersecting, entry.boundingClientRect.height);
    },
    { rootMargin: MARGIN },
  );
  const watching = observer;
  told.set(element, tell);
  watching.observe(element);
  return () => watching.unobserve(element);
}

interface Near<E extends Element> {
  place: RefObject<E | null>;
  isNear: boolean;
  /** How high it was when it was drawn last, in pixels; before that, about how high it will be. */
  height: number;
}

/**
 * Whether an element is in or near the window, so that a long list draws only what can be seen. What has the focus
 * stays drawn. Where nobody can tell, everything is near.
 */
export function useNear<E extends Element>(isNearAtFirst: boolean, about: number): Near<E> {
  const canTell = typeof IntersectionObserver === 'function';
  const place = useRef<E>(null);
  const [state, setState] = useState({ isNear: isNearAtFirst || !canTell, height: about });
  useEffect(() => {
    const element = place.current;
    if (!element || !canTell) return undefined;
    return watch(element, (isNear, height) => {
      const isKept = element.contains(document.activeElement);
      // Drawn in slices between which the browser goes on scrolling.
      startTransition(() => {
        setState((before) => (before.isNear === (isNear || isKept) ? before : { isNear: isNear || isKept, height }));
      });
    });
  }, [canTell]);
  return { place, ...state };
}
