package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Small records that all instances of a proxy have in common: texts with bytes. Methods may be
 * called from any thread, and futures complete on any.
 */
// Whoever reads behind a write that was completed finds it, unless the instances do not hear each
// other. All that locks know of what carries the records.
public interface SharedRecords {
  /**
   * Whether this instance is one of them.
   *
   * @return completes when it is, with others there or not; never fails
   */
  Future<Void> ready();

  /** Reads all there is. */
  Future<Map<String, byte[]>> readAll();

  /**
   * Reads one.
   *
   * @return null inside if there is none
   */
  Future<byte @Nullable []> read(String key);

  /**
   * Writes some, in no order.
   *
   * @return completes when they are here and at another instance, if there is one; if it fails,
   *     some may be
   */
  Future<Void> write(Map<String, byte[]> records);

  /** Removes some. */
  Future<Void> remove(Set<String> keys);

  /**
   * What this instance is called among the others for as long as it is one of them without a break.
   *
   * @return empty while it is none
   */
  String self();

  /** Whether there is an instance that is called so now, as far as this one knows. */
  boolean isThere(String member);

  /** Says who is told, on any thread, that what instances had apart has been put together. */
  void onMerge(Runnable listener);
}
