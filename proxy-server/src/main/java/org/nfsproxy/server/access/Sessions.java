package org.nfsproxy.server.access;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Browsers that have shown the token, each known by a random name. Used by one thread. */
// Kept under a digest of the name, so that the time a search takes tells nothing about names that
// there are. Who begins one has the token, so that the oldest may go where there is no more room.
public final class Sessions {
  private static final int NAME_BYTES = 32;

  private record Session(long endMillis, int generation) {}

  private final int max;
  private final long lifeMillis;
  private final SecureRandom random = new SecureRandom();
  private final Map<ByteBuffer, Session> sessions = new LinkedHashMap<>();

  /** None is open. */
  public Sessions(int max, long lifeMillis) {
    this.max = max;
    this.lifeMillis = lifeMillis;
  }

  /**
   * Begins one.
   *
   * @param generation of the token that was shown
   * @return its name
   */
  public String begin(long nowMillis, int generation) {
    sessions.values().removeIf(each -> each.endMillis <= nowMillis);
    Iterator<ByteBuffer> oldest = sessions.keySet().iterator();
    while (sessions.size() >= max) {
      oldest.next();
      oldest.remove();
    }
    byte[] bytes = new byte[NAME_BYTES];
    random.nextBytes(bytes);
    String name = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    sessions.put(key(name), new Session(nowMillis + lifeMillis, generation));
    return name;
  }

  /**
   * Whether one is open.
   *
   * @param generation of the token that holds now
   */
  public boolean isOpen(String name, long nowMillis, int generation) {
    Session session = sessions.get(key(name));
    return session != null && session.endMillis > nowMillis && session.generation == generation;
  }

  /** Ends one, if there is one of this name. */
  public void end(String name) {
    sessions.remove(key(name));
  }

  int count() {
    return sessions.size();
  }

  private static ByteBuffer key(String name) {
    return ByteBuffer.wrap(AdminToken.digest(name));
  }
}
