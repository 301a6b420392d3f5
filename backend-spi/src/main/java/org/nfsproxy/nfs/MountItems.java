package org.nfsproxy.nfs;

import static org.nfsproxy.nfs.Layout.name;

/** What the arguments of MOUNT are made of, RFC 1813 section 5.1.3. */
final class MountItems {
  /** MNTPATHLEN. */
  static final Layout PATH = name(1024);

  private MountItems() {}
}
