package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NoncesTest {
  private final Nonces nonces = new Nonces();

  @Test
  void nonces_doNotRepeat_beyondWhatIsMadeAtOnce() {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertTrue(seen.add(nonces.getAsLong()), "repeated after " + i);
    }
  }

  // What SplittableRandom gives is a mix of a state that moves on by the same number each time, and
  // both can be worked out from its numbers.
  @Test
  void nonces_areNotStepsOfOneState() {
    long[] states = new long[64];
    for (int i = 0; i < states.length; i++) {
      states[i] = unmixed(nonces.getAsLong());
    }
    assertTrue(steps(states) > 60, "the state moves on by the same number");
    SplittableRandom plain = new SplittableRandom(1);
    for (int i = 0; i < states.length; i++) {
      states[i] = unmixed(plain.nextLong());
    }
    assertEquals(1, steps(states), "as it does there, or this test looks for nothing");
  }

  private static int steps(long[] states) {
    Set<Long> steps = new HashSet<>();
    for (int i = 1; i < states.length; i++) {
      steps.add(states[i] - states[i - 1]);
    }
    return steps.size();
  }

  /** Takes back what SplittableRandom.nextLong does with its state (Stafford's variant 13). */
  private static long unmixed(long mixed) {
    long z = unshifted(mixed, 31);
    z = unshifted(z * inverse(0x94d049bb133111ebL), 27);
    return unshifted(z * inverse(0xbf58476d1ce4e5b9L), 30);
  }

  private static long unshifted(long z, int by) {
    return z ^ (z >>> by) ^ (z >>> 2 * by);
  }

  private static long inverse(long odd) {
    long inverse = odd;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
