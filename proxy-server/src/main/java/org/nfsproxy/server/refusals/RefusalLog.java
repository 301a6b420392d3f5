package org.nfsproxy.server.refusals;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.nfsproxy.server.metrics.RecentLines;
import org.nfsproxy.server.metrics.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log who is refused what: the first time in a period for each client, reason and rule,
 * and at the period's end how many more there were. Safe for use by several threads.
 */
// Who is refused tries again, and may do so ten thousand times a second. So a refused call costs a
// look at a table and an addition, without a lock and without the text; and all clients together
// write a bounded number of lines in a period, of which each begins with what is known of it. What
// is beyond the bound is a number in one last line.
//
// No clock is read: whoever made this says when a period is over.
public final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);

  private record Kind(InetAddress client, Refused why, String rule) {}

  /** How many there were behind the first; below 0 from when it is to be forgotten. */
  private static final class Kept {
    static final long FORGOTTEN = Long.MIN_VALUE;
    final AtomicLong more = new AtomicLong();

    long take() {
      return more.compareAndSet(0, FORGOTTEN) ? 0 : more.getAndSet(0);
    }
  }

  private final Map<Kind, Kept> kinds = new ConcurrentHashMap<>();
  private final int linesMax;
  private final AtomicInteger lines = new AtomicInteger();
  private final AtomicLong others = new AtomicLong();
  private final RecentLines recent = new RecentLines(System::currentTimeMillis);

  /**
   * Nothing was refused yet.
   *
   * @param linesMax the most lines that begin in a period, and the most kinds that are told apart;
   *     0 for none
   */
  public RefusalLog(int linesMax) {
    this.linesMax = linesMax;
  }

  /**
   * A call was refused.
   *
   * @param rule by which rule
   * @param line what is to be said if it is the first of its kind
   */
  public void refused(InetAddress client, Refused why, String rule, Supplier<String> line) {
    if (linesMax == 0) {
      return;
    }
    Kind kind = new Kind(client, why, rule);
    Kept known = kinds.get(kind);
    if (known != null && known.more.incrementAndGet() > 0) {
      return;
    }
    if (lines.get() >= linesMax || lines.incrementAndGet() > linesMax) {
      others.incrementAndGet();
      return;
    }
    Kept before = kinds.putIfAbsent(kind, new Kept());
    if (before == null) {
      String text = line.get();
      write(why, text);
      recent.add(client.getHostAddress(), text);
    } else if (before.more.incrementAndGet() <= 0) {
      others.incrementAndGet(); // the period ended just now
    }
  }

  /**
   * The last lines that began.
   *
   * @return some dozens, of each client a few
   */
  public RecentLines recent() {
    return recent;
  }

  /** A period is over: tells what was not told in it. */
  public void periodIsOver(long seconds) {
    lines.set(0);
    for (Iterator<Map.Entry<Kind, Kept>> all = kinds.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Kind, Kept> each = all.next();
      long more = each.getValue().take();
      if (more == 0) {
        all.remove();
      } else {
        lines.incrementAndGet();
        write(each.getKey().why, repeated(each.getKey(), more, seconds));
      }
    }
    long unknown = others.getAndSet(0);
    if (unknown > 0) {
      log.warn(
          "{} more calls were refused in the last {} s, of further clients or for further reasons:"
              + " /rules has the numbers (log.refusalLinesMax)",
          unknown,
          seconds);
    }
  }

  // Clients look what there is: in other versions, at names that are hidden, for pNFS. They go on
  // without, and nobody need get up for it.
  private static void write(Refused why, String line) {
    switch (why) {
      case VERSIONS, HIDDEN, REDIRECTION -> log.info("{}", line);
      default -> log.warn("{}", line);
    }
  }

  private static String repeated(Kind kind, long more, long seconds) {
    return "client %s is refused as before, by %s: %d more calls in the last %d s"
        .formatted(
            kind.client.getHostAddress(), RefusalLine.by(kind.why, kind.rule), more, seconds);
  }
}
