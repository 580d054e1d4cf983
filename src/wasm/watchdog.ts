/** A clock that stands still while the machine sleeps, so that waking up is not taken for a file that hangs. */

const TICK_MS = 200;

/** Calls back once, after this much time awake; the returned function stops it. */
export function after(milliseconds: number, callback: () => void): () => void {
  let awake = 0;
  let before = performance.now();
  let timer: ReturnType<typeof setTimeout>;
  const step = (): void => {
    const now = performance.now();
    awake += Math.min(now - before, 2 * TICK_MS);
    before = now;
    if (awake >= milliseconds) callback();
    else wait();
  };
  const wait = (): void => {
    timer = setTimeout(step, Math.min(TICK_MS, milliseconds - awake));
  };
  wait();
  return () => clearTimeout(timer);
}
