import { useEffect } from 'react';

/** When somebody last touched the console in this browser, in milliseconds; all its tabs write it. */
const KEPT = 'tollgate.touched';
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
/** A touch is noted at most this often. */
const NOTED_EVERY = 5_000;
const LOOKED_EVERY = 10_000;

function lastTouch(): number {
  return Number(window.localStorage.getItem(KEPT)) || 0;
}

function note(now: number): void {
  window.localStorage.setItem(KEPT, String(now));
}

/**
 * Calls `end` once nobody has touched any tab of the console for so many seconds. What pages read by themselves keeps a
 * session alive for the gateway, so that is no sign of anybody being there; hands on a pointer or a keyboard are.
 */
export function useIdleEnd(seconds: number | null, end: () => void): void {
  useEffect(() => {
    if (seconds === null) return undefined;
    const start = Date.now();
    note(start);
    let noted = start;
    const touched = () => {
      const now = Date.now();
      if (now - noted < NOTED_EVERY) return;
      noted = now;
      note(now);
    };
    // A machine that slept wakes with timers that are late: the clock counts, not how often they rang.
    const look = () => {
      if (Date.now() - Math.max(start, noted, lastTouch()) >= seconds * 1000) end();
    };
    for (const touch of TOUCHES) window.addEventListener(touch, touched, { passive: true });
    // Before the first touch after a long sleep counts, the sleep does.
    document.addEventListener('visibilitychange', look);
    const timer = window.setInterval(look, LOOKED_EVERY);
    return () => {
      for (const touch of TOUCHES) window.removeEventListener(touch, touched);
      document.removeEventListener('visibilitychange', look);
      window.clearInterval(timer);
    };
  }, [seconds, end]);
}
