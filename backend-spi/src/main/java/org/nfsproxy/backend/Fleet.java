package org.nfsproxy.backend;

import java.util.Map;

/**
 * The instances of one proxy, as a backend sees them: each says something about a topic, and hears
 * what the others say. Nothing here blocks, and nothing here is proof: a backend checks what it
 * hears.
 *
 * <p>All methods may be called from any thread.
 */
public interface Fleet {
  /**
   * This instance's name.
   *
   * @return a word that no other instance has
   */
  String instance();

  /**
   * Says something, until it is replaced or this instance leaves.
   *
   * @param topic what it is about
   * @param statement a few kilobytes at most; copied
   */
  void say(String topic, byte[] statement);

  /**
   * What was heard so far, this instance's own statement included.
   *
   * @param topic what it is about
   * @return the statement of each instance, by its name; empty before anybody said anything
   */
  Map<String, byte[]> heard(String topic);

  /**
   * Tells about changes: a statement made or replaced, an instance that left.
   *
   * @param topic what it is about
   * @param listener called on any thread; must not block
   */
  void onChange(String topic, Runnable listener);
}
