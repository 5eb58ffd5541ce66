/** A bucket that fills at `perSecond` up to `capacity`; a call takes one token or is refused. */
export interface TokenBucket {
  /** False when there is no whole token. `now` in milliseconds; a clock that goes back adds nothing. */
  take(now: number): boolean;
}

export function createTokenBucket({ perSecond, capacity }: { perSecond: number; capacity: number }): TokenBucket {
  let tokens = capacity;
  let filledAt: number | undefined;
  return {
    take(now) {
      const elapsed = Math.max(0, now - (filledAt ?? now));
      // In steps of a whole token: the rest of the time stays on the clock, so that fractions never add up wrongly.
      const gained = Math.floor((elapsed * perSecond) / 1000);
      if (filledAt === undefined || tokens + gained >= capacity) filledAt = now;
      else filledAt += (gained * 1000) / perSecond;
      tokens = Math.min(capacity, tokens + gained);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
