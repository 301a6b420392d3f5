package org.nfsproxy.server.cache;

import io.netty.util.concurrent.FastThreadLocal;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** Numbers that nobody can know who has not seen them. For all threads. */
// They are seen by the origin alone, so that a generator that could be worked out from its numbers
// is good enough, if its seed is not to be guessed.
final class Nonces implements LongSupplier {
  private static final FastThreadLocal<SplittableRandom> RANDOM =
      new FastThreadLocal<>() {
        @Override
        protected SplittableRandom initialValue() {
          return new SplittableRandom(new SecureRandom().nextLong());
        }
      };

  @Override
  public long getAsLong() {
    return RANDOM.get().nextLong();
  }
}
