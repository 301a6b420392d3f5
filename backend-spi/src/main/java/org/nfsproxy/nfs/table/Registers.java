package org.nfsproxy.nfs.table;

/**
 * How an NFSv4 operation deals with the current and the saved filehandle, RFC 8881 section
 * 16.2.3.1: which of them it acts on, and what they are when it has succeeded.
 */
public enum Registers {
  /** Acts on none, keeps both. */
  NONE(false, false),
  /** Acts on the current one, keeps both. */
  CURRENT(true, false),
  /** Acts on the current one if its arguments say so (RECLAIM_COMPLETE), keeps both. */
  MAYBE_CURRENT(true, false),
  /** Acts on both, which lie in two directories (RENAME, LINK); keeps both. */
  BOTH(true, false),
  /** Reads the saved one, acts on the current one (COPY, CLONE); keeps both. */
  FROM_SAVED(true, false),
  /** Current becomes the handle in the arguments. */
  TO_ARGUMENT(false, false),
  /** Current becomes the root of the namespace. */
  TO_ROOT(false, true),
  /** Current becomes the public filehandle. */
  TO_PUBLIC(false, true),
  /** Current becomes what has the name in the arguments. */
  TO_CHILD(true, true),
  /** Current becomes the directory above it. */
  TO_PARENT(true, true),
  /** Current becomes the file that is opened: by its name, or as it was. */
  TO_OPENED(true, true),
  /** Current becomes the object that is made, of the same filesystem. */
  TO_CREATED(true, false),
  /** Current becomes its directory of named attributes, of the same filesystem. */
  TO_ATTRIBUTES(true, false),
  /** Saved becomes the current one. */
  SAVED(true, false),
  /** Current becomes the saved one. */
  RESTORED(false, true);

  private final boolean usesCurrent;
  private final boolean mayLeaveFilesystem;

  Registers(boolean usesCurrent, boolean mayLeaveFilesystem) {
    this.usesCurrent = usesCurrent;
    this.mayLeaveFilesystem = mayLeaveFilesystem;
  }

  /**
   * Whether the operation needs a current filehandle.
   *
   * @return true too if it only may need it
   */
  public boolean usesCurrent() {
    return usesCurrent;
  }

  /**
   * Whether the current filehandle may then be of another filesystem although no handle stands in
   * the arguments: what follows cannot be judged by the handle before it.
   *
   * @return true for a step along the namespace, and for going back to the saved handle
   */
  public boolean mayLeaveFilesystem() {
    return mayLeaveFilesystem;
  }

  /**
   * Whether the current filehandle may be another one when the operation has succeeded.
   *
   * @return false where it is kept for certain
   */
  public boolean changesCurrent() {
    return switch (this) {
      case NONE, CURRENT, MAYBE_CURRENT, BOTH, FROM_SAVED, SAVED -> false;
      case TO_ARGUMENT,
          TO_ROOT,
          TO_PUBLIC,
          TO_CHILD,
          TO_PARENT,
          TO_OPENED,
          TO_CREATED,
          TO_ATTRIBUTES,
          RESTORED ->
          true;
    };
  }
}
