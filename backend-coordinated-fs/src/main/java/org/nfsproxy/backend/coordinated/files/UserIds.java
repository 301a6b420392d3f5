package org.nfsproxy.backend.coordinated.files;

import java.util.Arrays;

/** As whom an operation is done. Ids are unsigned. */
public final class UserIds {
  /** May all. */
  public static final UserIds ROOT = new UserIds(0, 0);

  /** Whoever did not say who it is: nobody, as Linux numbers it. */
  public static final UserIds ANONYMOUS = new UserIds(65534, 65534);

  private final int uid;
  private final int gid;
  private final int[] gids;

  /**
   * A user.
   *
   * @param uid the user
   * @param gid its group
   * @param gids its further groups
   */
  public UserIds(int uid, int gid, int... gids) {
    this.uid = uid;
    this.gid = gid;
    this.gids = gids.clone();
  }

  /**
   * The user.
   *
   * @return its id
   */
  public int uid() {
    return uid;
  }

  /**
   * The group that objects made by it get.
   *
   * @return its id
   */
  public int gid() {
    return gid;
  }

  /**
   * Whether all is allowed.
   *
   * @return true for uid 0
   */
  public boolean isRoot() {
    return uid == 0;
  }

  /**
   * Whether the user is in a group.
   *
   * @param group the group's id
   * @return true if it is the user's own or a further one
   */
  public boolean isIn(int group) {
    return gid == group || Arrays.stream(gids).anyMatch(further -> further == group);
  }

  /**
   * The further groups.
   *
   * @return a copy
   */
  public int[] gids() {
    return gids.clone();
  }
}
