package org.nfsproxy.server.exports;

import org.nfsproxy.backend.ObjectIdentity;

/** What leads to an export's path. Each is tried again only after a while, by itself. */
enum Evidence {
  /** An object in it that is no directory: what it is called in another version may have a path. */
  FILE,
  /** A directory in it, which has others above. */
  DIRECTORY,
  /** A name that leads to its root. */
  NAME;

  static Evidence of(int type) {
    return type == ObjectIdentity.DIRECTORY ? DIRECTORY : FILE;
  }
}
