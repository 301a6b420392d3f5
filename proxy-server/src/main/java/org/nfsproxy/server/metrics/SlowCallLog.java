package org.nfsproxy.server.metrics;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of calls that took long: so many lines in a period, and the number of the others.
 */
// An origin that stands still makes every call slow. The first few say what it looks like.
public final class SlowCallLog {
  private static final Logger log = LoggerFactory.getLogger(SlowCallLog.class);

  private final int linesMax;
  private final AtomicInteger lines = new AtomicInteger();
  private final AtomicLong more = new AtomicLong();
  private final RecentLines recent = new RecentLines(System::currentTimeMillis);

  /**
   * Nothing was slow yet.
   *
   * @param linesMax the most lines in a period
   */
  public SlowCallLog(int linesMax) {
    this.linesMax = linesMax;
  }

  /**
   * Whether one more is told; if not, it is counted.
   *
   * @return whether {@link #tell} is to follow
   */
  public boolean takes() {
    if (lines.get() < linesMax && lines.incrementAndGet() <= linesMax) {
      return true;
    }
    more.incrementAndGet();
    return false;
  }

  /** Tells of one. */
  public void tell(InetAddress client, String line) {
    log.info("slow call: {}", line);
    recent.add(client.getHostAddress(), line);
  }

  /** The last ones that were told. */
  public RecentLines recent() {
    return recent;
  }

  /** A period is over. */
  public void periodIsOver(long seconds) {
    lines.set(0);
    long untold = more.getAndSet(0);
    if (untold > 0) {
      log.info("{} more slow calls in the last {} s (log.slowCallLinesMax)", untold, seconds);
    }
  }
}
