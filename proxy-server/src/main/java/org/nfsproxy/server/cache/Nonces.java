package org.nfsproxy.server.cache;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * Numbers that nobody can know before they are used, whoever knows those before. For all threads.
 */
// A nonce that was used may become known: an origin that replays a reply sends its tag, too, to a
// call of which the proxy opens no reply. From the numbers of a plain generator the next ones can
// be worked out.
final class Nonces implements LongSupplier {
  /** So many bytes at a time: a call of SecureRandom takes some microseconds, whatever is asked. */
  private static final int BYTES = 1024;

  private static final FastThreadLocal<Nonces.OfThread> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected OfThread initialValue() {
          return new OfThread();
        }
      };

  private static final class OfThread {
    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer left = ByteBuffer.allocate(BYTES).limit(0);

    long next() {
      if (!left.hasRemaining()) {
        random.nextBytes(left.array());
        left.clear();
      }
      return left.getLong();
    }
  }

  @Override
  public long getAsLong() {
    return OF_THREAD.get().next();
  }
}
