package org.nfsproxy.nfs.table;

/** The filehandles that a successful reply teaches. */
public enum HandlesOut {
  /** None: the reply need not be opened. */
  NOTHING,
  /** That of the object asked for, as the first item of the result. */
  OBJECT,
  /** That of the object made; optional in NFSv3. */
  NEW_OBJECT,
  /** Those of a directory's entries, each optional (READDIRPLUS). */
  ENTRIES,
  /** No handle, but what the object is that the call's handle names (GETATTR of NFSv2 and v3). */
  IDENTITY,
  /** That of an export's root (MNT). */
  ROOT,
  /** No handle, but limits of what the call's path leads to (PATHCONF of MOUNT). */
  OF_PATH,
  /** No handles, but the paths of exports (MOUNT's lists). */
  PATHS,
  /** As an attribute, if it was asked for (NFSv4). */
  ATTRIBUTE;

  /**
   * Whether the call's path says which export it is about.
   *
   * @return true for procedures of MOUNT
   */
  public boolean isByPath() {
    return this == ROOT || this == OF_PATH;
  }
}
