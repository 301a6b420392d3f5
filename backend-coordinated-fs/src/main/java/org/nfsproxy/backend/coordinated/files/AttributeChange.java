package org.nfsproxy.backend.coordinated.files;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code sattr3}, RFC 1813 section 2.5: what to set. What is empty stays.
 *
 * @param mode permission bits; others are ignored
 * @param uid owner
 * @param gid group
 * @param size bytes, unsigned
 * @param atime last read
 * @param mtime last change of the contents
 */
public record AttributeChange(
    OptionalInt mode,
    OptionalInt uid,
    OptionalInt gid,
    OptionalLong size,
    TimeChange atime,
    TimeChange mtime) {

  /** Sets nothing. */
  public static final AttributeChange NONE =
      new AttributeChange(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          TimeChange.KEEP,
          TimeChange.KEEP);

  /**
   * {@code set_atime} and {@code set_mtime}.
   *
   * @param how whose clock counts
   * @param time the client's time, if it is the client's
   */
  public record TimeChange(TimeHow how, Optional<FileTime> time) {
    /** No change. */
    public static final TimeChange KEEP = new TimeChange(TimeHow.DONT_CHANGE, Optional.empty());
  }

  /** {@code time_how}. The wire's number is the ordinal. */
  public enum TimeHow {
    /** Keep it. */
    DONT_CHANGE,
    /** Now, by the server's clock. */
    SET_TO_SERVER_TIME,
    /** What the client says. */
    SET_TO_CLIENT_TIME
  }

  /**
   * Permission bits only.
   *
   * @param mode the bits
   * @return the change
   */
  public static AttributeChange mode(int mode) {
    return new AttributeChange(
        OptionalInt.of(mode), NONE.uid, NONE.gid, NONE.size, NONE.atime, NONE.mtime);
  }

  /**
   * Permission bits, owner and group.
   *
   * @param mode the bits
   * @param uid the owner
   * @param gid the group
   * @return the change
   */
  public static AttributeChange owned(int mode, int uid, int gid) {
    return new AttributeChange(
        OptionalInt.of(mode),
        OptionalInt.of(uid),
        OptionalInt.of(gid),
        NONE.size,
        NONE.atime,
        NONE.mtime);
  }

  /**
   * Whether nothing is to be set.
   *
   * @return true if all stays
   */
  public boolean isEmpty() {
    return equals(NONE);
  }
}
