package org.nfsproxy.backend.coordinated.files;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code wcc_data}, RFC 1813 section 2.6: an object before and after an operation that may change
 * it. {@link Files} fills it in, also where the operation fails.
 */
// Before is to be told only if nothing can have come between it and the operation: clients take
// "before equals what I have cached" for "nobody else changed it". A filesystem shared with other
// machines can not promise that, and then leaves it out.
public final class WccData {
  private @Nullable Attributes before;
  private @Nullable Attributes after;

  /**
   * Says how the object was at the beginning of the operation, which is atomic.
   *
   * @param attributes size, mtime and ctime are used
   */
  public void before(Attributes attributes) {
    before = attributes;
  }

  /**
   * Says how the object is at the end of the operation.
   *
   * @param attributes all are used
   */
  public void after(Attributes attributes) {
    after = attributes;
  }

  /**
   * The object at the beginning.
   *
   * @return empty if it is not known
   */
  public Optional<Attributes> before() {
    return Optional.ofNullable(before);
  }

  /**
   * The object at the end.
   *
   * @return empty if it is not known
   */
  public Optional<Attributes> after() {
    return Optional.ofNullable(after);
  }
}
