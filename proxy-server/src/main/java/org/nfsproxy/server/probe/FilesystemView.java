package org.nfsproxy.server.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.policy.Fsid;

/** What one version of NFS shows of a filesystem. Filled in while it is looked at. */
final class FilesystemView {
  /** 3 or 4. */
  final int version;

  /** Why it, or the rest of it, could not be looked at; empty if it was. */
  String failure = "";

  /** The status that said so; 0 if none did. */
  int failureStatus;

  /** Names of flavors as in exports(5); empty if they are not told. */
  final List<String> flavors = new ArrayList<>();

  /** The directory that is exported; null if it could not be reached. */
  @Nullable Filehandle root;

  /** Longest handle of what is in it, 0 if nothing was seen. */
  int entryHandleBytes;

  /** Of how many entries. */
  int entriesSeen;

  boolean hasIdentity;
  long fsidMajor;
  long fsidMinor;
  long fileid;

  /** READ and WRITE, in bytes; -1 if they are not told. */
  long readMax = -1;

  long writeMax = -1;

  PortNeed port = PortNeed.UNKNOWN;
  RootAccess rootAccess = RootAccess.unknown("not asked");

  /** fh_expire_type; -1 if it is not told, as in NFSv3, where handles do not expire. */
  long expireType = -1;

  /** change_attr_type of RFC 7862; -1 if it is not told. */
  long changeKind = -1;

  /** Layout types of pNFS. */
  int layoutTypes;

  /** Servers and paths of fs_locations, printable. */
  final List<String> locations = new ArrayList<>();

  FilesystemView(int version) {
    this.version = version;
  }

  void fail(NoAnswerException why) {
    failure = why.getMessage();
    failureStatus = why.status();
  }

  boolean isReached() {
    return root != null;
  }

  /** The directory that is exported, where it was reached. */
  Filehandle reachedRoot() {
    return Objects.requireNonNull(root, "not reached");
  }

  /** The fsid as a rule names it and a Linux client prints it. */
  String fsid() {
    return new Fsid(fsidMajor, fsidMinor).toString();
  }

  /** The longest handle seen, in bytes. */
  int handleBytes() {
    return Math.max(root == null ? 0 : root.length(), entryHandleBytes);
  }
}
