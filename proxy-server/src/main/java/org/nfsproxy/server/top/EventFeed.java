package org.nfsproxy.server.top;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The newest event of a proxy, kept by a thread that goes back to a lost one again and again. */
final class EventFeed implements AutoCloseable {
  private static final int RETRY_SECONDS = 2;

  private final TopSettings settings;
  private final Thread thread = new Thread(this::read, "top-events");
  private volatile boolean closed;
  private @Nullable JsonObject event;
  private @Nullable String lost;
  private int changes;

  /**
   * What is known now.
   *
   * @param event the newest; null if there was none
   * @param lost why there is nothing newer; null if the proxy answers
   * @param changes differs from that of any other moment at which something else was known
   */
  record Known(@Nullable JsonObject event, @Nullable String lost, int changes) {}

  EventFeed(TopSettings settings) {
    this.settings = settings;
    thread.setDaemon(true);
    thread.start();
  }

  synchronized Known known() {
    return new Known(event, lost, changes);
  }

  private void read() {
    while (!closed) {
      try (EventReader events = EventReader.open(settings.base(), settings.access())) {
        while (!closed) {
          tell(events.next(), null);
        }
      } catch (IOException | RuntimeException failed) {
        String why =
            failed instanceof IOException io ? Top.nobody(settings, io) : failed.toString();
        tell(null, why);
        pause();
      }
    }
  }

  private synchronized void tell(@Nullable JsonObject newer, @Nullable String why) {
    event = newer == null ? event : newer;
    lost = why;
    changes++;
  }

  private void pause() {
    try {
      TimeUnit.SECONDS.sleep(RETRY_SECONDS);
    } catch (InterruptedException ended) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
